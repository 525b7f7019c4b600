import { describe, expect, it } from 'vitest';
import { batchSchedule } from '../../src/data/batch-schedule.js';
import { randomStream } from '../../src/numeric/random.js';
import { spectralEdge } from '../../src/observe/index.js';
import { drawnGram, expectedGram } from '../../src/sgd-noise/drawn-gram.js';
import { updateCovariance, updateCovarianceFrom } from '../../src/sgd-noise/update-covariance.js';

const rule = { learningRate: 0.1, batch: 8 };
const near = (found: Float64Array, expected: Float64Array, digits: number): void => {
  const scale = Math.max(...expected.map(Math.abs));
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i]!) / scale).toBeLessThan(10 ** -digits);
  });
};

/** Runs of SGD on ½λx² − xξ, ξ of each sample given: the mean of δ_sδ_t over runs. */
function simulated(
  lambda: number,
  { learningRate, batch, momentum = 0 }: typeof rule & { momentum?: number },
  { updates: w, every: N }: { updates: number; every: number },
  { before, samples, runs }: { before: number; samples: number; runs: number },
): Float64Array {
  const stream = randomStream(1, 'samples');
  const raw = Array.from({ length: samples }, () => stream.normal());
  const mean = raw.reduce((sum, x) => sum + x, 0) / samples;
  const spread = Math.sqrt(raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples);
  const xi = raw.map((x) => (x - mean) / spread); // c = 1 exactly
  const gram = new Float64Array(w * w);
  for (let run = 0; run < runs; run++) {
    const rows = batchSchedule(samples, batch, run);
    let [x, velocity] = [0, 0];
    const at: number[] = [];
    for (let n = 0; n <= before + N * w; n++) {
      if (n >= before && (n - before) % N === 0) at.push(x);
      const taken = [...rows(n)];
      velocity = momentum * velocity + lambda * x + taken.reduce((sum, i) => sum + xi[i]!, 0) / taken.length;
      x -= learningRate * velocity;
    }
    for (let s = 0; s < w; s++)
      for (let t = 0; t < w; t++) gram[s * w + t]! += ((at[s + 1]! - at[s]!) * (at[t + 1]! - at[t]!)) / runs;
  }
  return gram;
}

describe('updateCovariance', () => {
  it('is 2v, −v of a relaxed mode, σ² = 2v(1 − cos πj/(W+1)), and white of a slow one', () => {
    const relaxed = updateCovariance(10, 3, { learningRate: 0.1, batch: 1 }, { updates: 4, every: 1 }); // ηλ = 1: ρ = 0
    const v = (0.1 * 3) / (10 * (2 - 1));
    for (const [i, value] of [2, -1, 0, 0].entries()) expect(relaxed[i]! / v).toBeCloseTo(value, 12);
    spectralEdge(relaxed, 4).singularValues.forEach((sigma, i) => {
      expect(sigma ** 2).toBeCloseTo(2 * v * (1 - Math.cos((Math.PI * (4 - i)) / 5)), 12);
    });
    const slow = updateCovariance(1e-9, 3, rule, { updates: 3, every: 5 });
    near(
      slow,
      Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1).map((x) => (x * 0.01 * 3 * 5) / 8),
      8,
    );
    near(updateCovariance(0, 3, rule, { updates: 3, every: 5 }), slow, 8);
  });

  it('is that from the very noises once these are many, without and with momentum', () => {
    const window = { updates: 4, every: 3 };
    for (const momentum of [0, 0.8]) {
      for (const lambda of [0.5, 3, 12, 19]) {
        const stepped = { ...rule, momentum };
        const from = updateCovarianceFrom(lambda, 2, stepped, window, { before: 800 });
        near(updateCovariance(lambda, 2, stepped, window), from, 10);
      }
    }
  });

  it('in epochs, with a smaller last batch, from no excursion: what SGD has on samples drawn so', () => {
    const [window, start] = [
      { updates: 3, every: 2 },
      { before: 3, samples: 20 },
    ];
    for (const momentum of [0, 0.5]) {
      const stepped = { ...rule, momentum };
      const law = updateCovarianceFrom(2, 1, stepped, window, start);
      const found = simulated(2, stepped, window, { ...start, runs: 4000 });
      law.forEach((value, i) => {
        const [s, t] = [Math.floor(i / 3), i % 3];
        const error = Math.sqrt((law[s * 4]! * law[t * 4]! + value ** 2) / 4000); // of Gaussian updates
        expect(Math.abs(found[i]! - value)).toBeLessThan(4 * error);
      });
    }
  });

  it('is white along directions whose variance at rest is beyond numbers, as where they are flat', () => {
    const window = { updates: 3, every: 2 };
    expect(updateCovariance(1e-320, 1, rule, window)).toEqual(updateCovariance(0, 1, rule, window));
  });

  it('refuses what is no window and no start', () => {
    expect(() => updateCovariance(1, 1, rule, { updates: 0, every: 1 })).toThrow(/received 0 of 1/);
    expect(() => updateCovariance(30, 1, rule, { updates: 2, every: 1 })).toThrow(/diverges/);
    expect(() => updateCovariance(0, 1, { ...rule, momentum: 0.5 }, { updates: 2, every: 1 })).toThrow(
      /no state of rest/,
    );
    expect(() => updateCovarianceFrom(1, 1, rule, { updates: 2, every: 1 }, { before: -1 })).toThrow(/received -1/);
    expect(() => updateCovarianceFrom(1, 1, rule, { updates: 2, every: 1 }, { before: 0, samples: 4 })).toThrow(
      /batch of 8/,
    );
    expect(() => updateCovariance(1, 1, rule, { updates: 1e6, every: 1 })).toThrow(/at most 5000 updates/);
    expect(() => updateCovarianceFrom(1, 1, rule, { updates: 2, every: 1 }, { before: 1e9 })).toThrow(/to 10000000/);
  });
});

describe('drawnGram', () => {
  it('has the mean of expectedGram, and the scatter of a Wishart matrix, for any number of dimensions', () => {
    const w = 3;
    const covariance = updateCovariance(3, 1, rule, { updates: w, every: 2 }).map((x) => 1000 * x);
    for (const multiplicity of [1, 2, 4.5, 300]) {
      const levels = [{ multiplicity, covariance }];
      const mean = expectedGram(levels, w);
      const stream = randomStream(multiplicity, 'draws');
      const draws = Array.from({ length: 4000 }, () => drawnGram(levels, w, stream));
      mean.forEach((expected, i) => {
        const [s, t] = [Math.floor(i / w), i % w];
        const variance = multiplicity * (covariance[s * 4]! * covariance[t * 4]! + covariance[i]! ** 2);
        const found = draws.reduce((sum, gram) => sum + gram[i]! / draws.length, 0);
        const scatter = draws.reduce((sum, gram) => sum + (gram[i]! - expected) ** 2 / draws.length, 0);
        expect(Math.abs(found - expected)).toBeLessThan(4.5 * Math.sqrt(variance / draws.length));
        expect(Math.abs(scatter / variance - 1)).toBeLessThan(0.3);
      });
    }
    expect(() => drawnGram([{ multiplicity: 1.5, covariance }], 3, randomStream(1, 'a'))).toThrow(/whole number/);
    expect(() => expectedGram([{ multiplicity: 1, covariance }], 2)).toThrow(/2 × 2 matrix, received 1 and 9 entries/);
    const broken = [{ multiplicity: 4, covariance: covariance.with(0, NaN) }];
    expect(() => expectedGram(broken, 3)).toThrow(/not finite/);
    expect(() => drawnGram(broken, 3, randomStream(1, 'a'))).toThrow(/not finite/);
    expect(() => expectedGram([], -1)).toThrow(/received -1/);
  });
});
