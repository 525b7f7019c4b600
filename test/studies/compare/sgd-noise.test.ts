import { beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { splitSectors } from '../../../src/exact/noisy/index.js';
import { mixtureFromGram, populationPoint, tensorHermite } from '../../../src/exact/population/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { gradientPartsOf, partDimensions } from '../../../src/studies/compare/gradient-sectors.js';
import { heldOutLattice } from '../../../src/studies/compare/held-out-lattice.js';
import { judgeSgdNoises, sgdNoiseDefaults, type SgdNoiseDocument } from '../../../src/studies/compare/index.js';
import type { SgdNoiseMeasurement } from '../../../src/studies/compare/sgd-noise-cell.js';
import { compareSgdNoise, sgdNoiseMeasurements } from '../../../src/studies/compare/sgd-noise.js';
import { softmaxNetwork } from '../../../src/studies/compare/softmax-network.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';

const waves = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(2 + 3 * i));

describe('gradientPartsOf', () => {
  it.each([2, 3, 4, 5])('is the split of the symmetric line, from row sums and traces: k = %i', (k) => {
    const dim = k + 1;
    // a gradient has no part that is the same in all classes
    const gradient = waves(k * dim);
    for (let f = 0; f < dim; f++) {
      let mean = 0;
      for (let c = 0; c < k; c++) mean += gradient[c * dim + f]! / k;
      for (let c = 0; c < k; c++) gradient[c * dim + f]! -= mean;
    }
    const parts = gradientPartsOf(gradient, { classes: k, dim });
    const Y = Float64Array.from({ length: k * k }, (_, i) => gradient[Math.floor(i / k) * dim + (i % k)]!);
    const split = splitSectors(k, Y);
    const squares = (x: Float64Array): number => x.reduce((sum, y) => sum + y ** 2, 0);
    expect(parts['along B']).toBeCloseTo(split.trivial ** 2, 12);
    for (const name of ['means', 'differences', 'symmetric', 'antisymmetric'] as const) {
      expect(parts[name], name).toBeCloseTo(squares(split[name]), 12);
    }
    const all = Object.values(parts).reduce((sum, x) => sum + x, 0);
    expect(all).toBeCloseTo(squares(gradient), 12);
    expect(Object.values(partDimensions({ classes: k, dim })).reduce((sum, n) => sum + n, 0)).toBe((k - 1) * dim);
  });
});

describe('a held-out lattice', () => {
  it('stands for the population, as a network sees it', async () => {
    const model = { classes: 3, dim: 4, noise: 0.4 };
    const weights = waves(12);
    const mixture = mixtureFromGram({ gram: [1, 0, 0, 0, 1, 0, 0, 0, 1], dim: 4, noises: [0.4, 0.4, 0.4] });
    const { gradient } = populationPoint(mixture, weights, tensorHermite(30));
    const network = await softmaxNetwork(3, 4, await nativeRuntime());
    const measured = await network.gradient(weights, heldOutLattice(model, 4001)(randomStream(1, 'lattice')));
    await network.release();
    measured.forEach((g, i) => {
      expect(Math.abs(g - gradient[i]!)).toBeLessThan(1e-3);
    });
  });
});

describe('networks trained by SGD', () => {
  const settings = { ...sgdNoiseDefaults, runs: 40, steps: [15, 30, 45], learningRate: 1, batch: 64, extraFeatures: 3 };
  let measured: SgdNoiseMeasurement[];
  beforeAll(async () => {
    measured = await sgdNoiseMeasurements({ classes: [3], noises: [0.5] }, settings, {
      runtime: await nativeRuntime(),
    });
  }, 120_000);

  const judged = (wrongBy: number): SgdNoiseDocument => judgeSgdNoises(measured, { ...settings, wrongBy });

  it('have the noise of the exact model, and not one that is far off', () => {
    const { cells, tests, rejectedWrongTheory, ok } = judged(0.4);
    expect(cells.map(({ start }) => start)).toEqual(['zero', 'bayes']);
    expect(tests).toBe(15); // along B at the Bayes classifier is shown only
    expect(cells.flatMap(({ rows }) => rows.filter(({ tested }) => !tested)).map(({ name }) => name)).toEqual([
      'along B',
    ]);
    expect(cells.flatMap(({ rows }) => rows.filter((row) => !row.ok))).toEqual([]);
    expect({ rejectedWrongTheory, ok }).toEqual({ rejectedWrongTheory: true, ok: true });
    expect(cells[0]!.wrongTheories.map(({ theory }) => theory)).toEqual([
      'C × 1.4',
      'C × 0.6',
      'η/b × 1.4',
      'η/b × 0.6',
      'C of the bulk × 1.8',
      'C of the bulk × 0.2',
      'C = H',
    ]);
    // at the Bayes classifier C is H
    expect(cells[1]!.wrongTheories.map(({ theory }) => theory)).not.toContain('C = H');
  });

  it('cannot tell what so few runs cannot, and says so', () => {
    const { rejectedWrongTheory, ok, cells } = judged(0.001);
    expect({ rejectedWrongTheory, ok }).toEqual({ rejectedWrongTheory: false, ok: false });
    expect(cells.every((cell) => cell.ok)).toBe(true);
  });

  it('differ from it where their gradients are a third too long in the bulk', () => {
    const longer = measured.map((cell) => ({
      ...cell,
      runs: cell.runs.map((run) => ({
        ...run,
        parts: run.parts.map((parts) => ({ ...parts, bulk: 1.8 * parts.bulk })),
      })),
    }));
    const { cells } = judgeSgdNoises(longer, settings);
    for (const cell of cells) {
      expect(cell.rows.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('bulk');
    }
  });

  it('are refused where leading order is not enough, or nothing is defined', async () => {
    const runtime = await nativeRuntime();
    for (const [grid, change] of [
      [{ classes: [3], noises: [0.4] }, { batch: 8 }],
      [{ classes: [3], noises: [0.1] }, {}],
      [{ classes: [11], noises: [0.4] }, {}],
      [{ classes: [3], noises: [0.4] }, { runs: 5 }],
    ] as const) {
      await expect(compareSgdNoise(grid, { ...settings, ...change }, { runtime })).rejects.toThrow(UsageError);
    }
  });
});
