import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf, networkData, networkFigure, recordsFigure } from '../../figures/index.js';
import { UsageError } from '../../src/errors.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { drawnSteps, refuseOtherNoise } from '../../src/train/drawn-steps.js';
import { loadRun } from '../../src/train/load-run.js';
import { columnsOf, recordsCsv } from '../../src/train/observables/columns.js';
import { observablesOf } from '../../src/train/observables/index.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { train } from '../../src/train/train.js';
import { faultsOf, textBoxes } from '../figures/text-boxes.js';

const runtime = await nativeRuntime();
const config: TrainConfig = {
  ...trainDefaults,
  model: 'mlp:4',
  data: { ...trainDefaults.data, source: 'mixture:3,4,0.4,60' },
  batch: 16,
  steps: 20,
  measureEvery: 10,
  top: 4,
  precision: 'f64',
  noiseNull: 6,
};

let folder: string;
let asked: TrainDocument;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noise-null-'));
  asked = await train(config, { runtime, out: join(folder, 'asked') });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('records with the law of the noise', () => {
  it('have it behind all that they have without', async () => {
    const plain = { ...config };
    delete plain.noiseNull;
    const without = await train(plain, { runtime, out: join(folder, 'plain') });
    asked.records.forEach(({ noiseNull: law, ...rest }, i) => {
      expect(rest).toEqual({ ...without.records[i], weights: rest.weights });
      expect(law!.stationary!.lower).toBeGreaterThan(law!.fraction.stationary!.lower.mean);
      expect(law!.covariances).toHaveLength(5);
      expect(law!.products).toBe(6 * 6);
      expect(law!.rest.hessian[1]!.standardError).toBeGreaterThan(0);
      const energies = law!.energies!;
      const all = [...energies.top, energies.rest].reduce((sum, { measured }) => sum + measured, 0);
      expect(Math.abs(all / rest.gradientNorm ** 2 - 1)).toBeLessThan(1e-12);
    });
    expect(Object.keys(without.run.config)).not.toContain('noiseNull');
    expect(readFileSync(join(folder, 'plain', 'config.json'), 'utf8')).not.toContain('noiseNull');
  });

  it('are read again, and the run taken up again', async () => {
    const out = join(folder, 'asked');
    expect(loadRun(out).records).toEqual(asked.records);
    expect((await train(config, { runtime, out })).records).toEqual(asked.records);
    await expect(train({ ...config, noiseNull: 7 }, { runtime, out })).rejects.toThrow(/run\.config\.noiseNull was 6/);
  });

  it('have it in columns and figures', async () => {
    const columns = columnsOf(observablesOf(config));
    const csv = recordsCsv(asked, columns).split('\r\n');
    const at = csv[0]!.split(',').indexOf('noiseNull.lower');
    expect(csv[3]!.split(',')[at]).toBe(String(asked.records[2]!.noiseNull!.stationary!.lower));
    const figure = networkFigure(networkData(asked));
    expect(faultsOf(figure, await textBoxes(figure))).toEqual([]);
    const drawn = csvOf(figure)
      .split('\r\n')
      .filter((line) => line.startsWith('f_top(3) of noise alone'));
    const middle = ({ lower, upper }: { lower: number; upper: number }): number => (lower + upper) / 2;
    expect(drawn.map((line) => Number(line.split(',')[2]))).toEqual(
      asked.records.map(({ noiseNull: law }) => middle(law!.stationary!)),
    );
    expect(figure.caption).toContain('the stationary noise of SGD alone');
    expect(recordsFigure(asked, ['flowShare']).caption).toContain('that stationary noise does not account for');
  });

  it('exist for every loss, activation and label, and for the heavy ball', async () => {
    const heavy = { kind: 'momentum', momentum: 0.5 } as const;
    for (const change of [
      { loss: 'squared-error', activation: 'tanh' },
      { data: { ...config.data, randomLabels: true } },
      { optimizer: heavy, precision: 'f32' },
      { model: 'softmax', backend: 'plain', optimizer: heavy },
    ] as const) {
      const { records } = await train({ ...config, steps: 2, ...change }, { runtime });
      for (const { noiseNull: law } of records) expect(law!.flowShare).toBeLessThan(1);
    }
  });

  it('are null where steps have come to rest', async () => {
    const schedule = { kind: 'cosine', rate: 0.1, last: 0, steps: 2 } as const;
    const { records } = await train({
      ...config,
      model: 'softmax',
      backend: 'plain',
      steps: 2,
      measureEvery: 2,
      schedule,
    });
    expect(records.map(({ noiseNull: law }) => law === null)).toEqual([false, true]);
  });

  it('are refused in words where the law does not hold', async () => {
    const refusal = async (change: Partial<TrainConfig>): Promise<UsageError> => {
      const error: unknown = await train({ ...config, steps: 0, ...change }, { runtime }).catch(
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(UsageError);
      return error as UsageError;
    };
    const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
    expect((await refusal({ optimizer: adam })).message).toMatch(/steps of adam are no polynomials.* choose sgd/);
    expect((await refusal({ batch: null })).message).toMatch(/batches of all 60 samples have no noise; choose/);
    expect((await refusal({ batch: 64 })).message).toMatch(/batches of all 60 samples/);
    const follow = { ...config.follow, direction: 'bulk' } as const;
    expect((await refusal({ follow })).message).toMatch(/follows the bulk part/);
    expect(() => {
      refuseOtherNoise(config, { samples: 60, isDrawn: true });
    }).toThrow(/mlp:4 draws dropout masks or normalises by the batch/);
  });
});

describe('drawnSteps', () => {
  it('has the mean 1/b of the batches of an epoch', () => {
    expect(drawnSteps(config, 64, 0.1)).toEqual({ learningRate: 0.1, batch: 16, momentum: 0, replacement: false });
    expect(1 / drawnSteps(config, 60, 0.1).batch).toBeCloseTo((3 / 16 + 1 / 12) / 4, 14);
    const optimizer = { kind: 'momentum', momentum: 0.8 } as const;
    expect(drawnSteps({ ...config, optimizer }, 64, 0.1).momentum).toBe(0.8);
  });
});
