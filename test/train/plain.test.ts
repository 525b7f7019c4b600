import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchSchedule } from '../../src/data/batch-schedule.js';
import { sampleMixture } from '../../src/data/gaussian-mixture.js';
import { DataError, NumericalError, UsageError } from '../../src/errors.js';
import { regressionSnapshot } from '../../src/loss/softmax/regression-snapshot.js';
import { batchGradient } from '../../src/loss/softmax/softmax-regression.js';
import { gradientHessianOverlap, topFraction } from '../../src/observe/index.js';
import { nativeRuntime } from '../../src/tensor/engine/index.js';
import { softmaxDefaults } from '../../src/train/softmax-case.js';
import { trainDefaults, type TrainConfig } from '../../src/train/train-config.js';
import type { TrainDocument } from '../../src/train/train-document.js';
import { train } from '../../src/train/train.js';
import { trainProblem } from '../../src/train/train-problem.js';

const config: TrainConfig = {
  ...softmaxDefaults,
  data: { ...softmaxDefaults.data, source: 'mixture:3,6,0.3,200' },
  steps: 60,
  measureEvery: 20,
  top: 7,
  tolerance: 1e-8,
  window: { length: 30, every: 5 },
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const checkpoint = (): string => join(folder, 'checkpoint.safetensors');

/** Without where the weights are, which only a run with a folder has. */
const results = ({ records, ...rest }: TrainDocument): unknown => ({
  ...rest,
  records: records.map((record) => ({ ...record, weights: null })),
});

describe('train on the plain backend', () => {
  it('gives the same document with and without a folder, and again from a finished folder', async () => {
    const plain = await train(config);
    const kept = await train(config, { out: folder });
    expect(results(kept)).toEqual(results(plain));
    expect(await train(config, { out: folder })).toEqual(kept);
    expect(plain.records.map((record) => record.step)).toEqual([0, 20, 40, 60]);
    expect(plain.window.map((entry) => entry.step)).toEqual([35, 40, 45, 50, 55, 60]);
  });

  it('knows the overlap of all pairs but the last, where the cut goes through the null space', async () => {
    const { records } = await train({ ...config, steps: 20, top: 17 }); // of 3 × 6 weights
    const { all, top } = records.at(-1)!.subspaceOverlap!;
    expect(top.lower).toBeGreaterThan(0);
    expect(all!.upper).toBeGreaterThanOrEqual(all!.lower);
    expect(all!.upper).toBeLessThanOrEqual(1);
  });

  it('is SGD on the samples and batches of their keys, measured from the definition', async () => {
    const { records, window } = await train(config);
    const data = sampleMixture({ classes: 3, dim: 6, noise: 0.3 }, 200, config.seed);
    const batches = batchSchedule(200, 64, config.seed);
    const overlaps = new Map(window.map(({ step, overlap }) => [step, overlap]));
    let weights = Float64Array.from((await trainProblem(config)).initial);
    for (let step = 0; step <= 60; step++) {
      const options = { top: 8, tolerance: 1e-12, seed: 1 };
      const { snapshot, accuracy, pairs } = regressionSnapshot(data, weights, 0, options);
      const record = records.find((one) => one.step === step);
      if (record !== undefined) {
        expect([record.loss, record.accuracy]).toEqual([snapshot.loss, accuracy]);
        expect(Math.abs(record.topFraction.lower - topFraction(snapshot, 3).lower)).toBeLessThan(1e-12);
        record.eigenvalues.forEach((value, i) => {
          expect(Math.abs(value - pairs.values[i]!)).toBeLessThan(1e-8 * pairs.values[0]!);
        });
      }
      if (overlaps.has(step)) expect(overlaps.get(step)).toBeCloseTo(gradientHessianOverlap(snapshot), 13);
      const gradient = batchGradient(data, weights, batches(step));
      weights = weights.map((w, i) => w - 0.1 * gradient[i]!);
    }
  });

  it.each([
    ['without biases', {}],
    ['with biases', { bias: true }],
    ['along the bulk', { follow: { ...config.follow, direction: 'bulk', refresh: 10 } }],
    [
      'with momentum, on random labels',
      { optimizer: { kind: 'momentum', momentum: 0.9 }, data: { ...config.data, randomLabels: true } },
    ],
  ] as const)('agrees with the network in ONNX Runtime to rounding, %s', async (_, change) => {
    const ours = { ...config, ...change };
    const [plain, network] = [
      await train(ours),
      await train({ ...ours, backend: 'onnx' }, { runtime: await nativeRuntime() }),
    ];
    expect(plain.run).toEqual({ ...network.run, config: plain.run.config, runtime: null });
    const close = (a: number, b: number, scale: number): void => {
      expect(Math.abs(a - b)).toBeLessThan(1e-11 * scale);
    };
    expect(plain.records).toHaveLength(network.records.length);
    plain.records.forEach((record, i) => {
      const other = network.records[i]!;
      expect(record.accuracy).toBe(other.accuracy);
      close(record.loss, other.loss, 1);
      close(record.gradientNorm, other.gradientNorm, 1);
      close(record.topFraction.lower, other.topFraction.lower, 1);
      close(record.overlapGradientHessianGradient, other.overlapGradientHessianGradient, 1);
      record.eigenvalues.forEach((value, j) => {
        close(value, other.eigenvalues[j]!, other.eigenvalues[0]!);
      });
    });
    plain.window.forEach(({ overlap }, i) => {
      close(overlap, network.window[i]!.overlap, 1);
    });
  });

  it('resumes after an interruption at any step with identical records', async () => {
    const whole = JSON.stringify(await train(config, { out: join(folder, 'whole') }));
    for (const stop of [0, 7, 20, 33, 59]) {
      const out = join(folder, String(stop));
      const controller = new AbortController();
      const onProgress = ({ step }: { step: number }): void => {
        if (step === stop) controller.abort(new Error('stopped'));
      };
      await expect(train(config, { out, signal: controller.signal, onProgress })).rejects.toThrow('stopped');
      expect(JSON.stringify(await train(config, { out }))).toBe(whole);
    }
  });

  it('refuses a folder of another run, naming what differs', async () => {
    await train(config, { out: folder });
    const other = train({ ...config, schedule: { kind: 'constant', rate: 0.2 } }, { out: folder });
    await expect(other).rejects.toThrow(/run\.config\.schedule\.rate was 0\.1 there and is 0\.2 now/);
    await expect(other).rejects.toBeInstanceOf(UsageError);
    const network = train({ ...config, backend: 'onnx' }, { out: folder, runtime: await nativeRuntime() });
    await expect(network).rejects.toThrow(/run\.config\.backend was "plain" there and is "onnx" now/);
  });

  it('refuses a damaged or foreign checkpoint', async () => {
    await train(config, { out: folder });
    const bytes = readFileSync(checkpoint());
    const text = bytes.toString('latin1');
    for (const damaged of [
      '',
      '{',
      'null',
      '[]',
      '{"format":"other"}',
      text.slice(0, -20),
      text.replace('tiny-subspace run', 'tiny-subspace jog'),
    ]) {
      writeFileSync(checkpoint(), damaged, 'latin1');
      await expect(train(config, { out: folder })).rejects.toBeInstanceOf(DataError);
    }
  });

  it('says where training diverged, from which loss, and keeps what was measured', async () => {
    const wild: TrainConfig = { ...config, schedule: { kind: 'constant', rate: 1e6 }, measureEvery: 1 };
    const failed: unknown = await train(wild, { out: folder }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NumericalError);
    const { message } = failed as NumericalError;
    expect(message).toMatch(
      /diverged: its loss is [\de.+]+ at step 1, and was [\d.]+ at step 0; lower the learning rate/,
    );
    expect(message).toContain(`records up to step 0 are kept in ${folder}`);
    const lines = readFileSync(join(folder, 'records.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([0]);
    await expect(train(wild)).rejects.toThrow(/records up to step 0 are lost/);
  });

  it('needs as many eigenvalues as classes', async () => {
    await expect(train({ ...config, top: 2 })).rejects.toThrow(/top must lie between 3, the m of f_top\(m\)/);
  });

  it('refuses what it cannot compute, and networks without a runtime', async () => {
    for (const change of [{ model: 'mlp:4' }, { loss: 'squared-error' }, { precision: 'f32' }] as const) {
      const refused = train({ ...config, ...change });
      await expect(refused).rejects.toBeInstanceOf(UsageError);
      await expect(refused).rejects.toThrow(/the plain backend computes softmax regression with cross-entropy in f64/);
    }
    await expect(train({ ...trainDefaults, data: config.data })).rejects.toThrow(/networks need a runtime/);
  });
});
