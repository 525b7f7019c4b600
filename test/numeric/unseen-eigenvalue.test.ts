import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../src/numeric/block-lanczos.js';
import { randomStream } from '../../src/numeric/random.js';
import { smallSymmetricEigen } from '../../src/numeric/small-symmetric-eigen.js';
import { unseenFraction } from '../../src/numeric/unseen-eigenvalue.js';
import { operatorWithSpectrum } from './spectra.js';

/** The largest Ritz value of `steps` steps of Lanczos on a diagonal matrix from a random vector. */
function largestRitz(values: Float64Array, steps: number, seed: number): number {
  const n = values.length;
  const stream = randomStream(seed, 'lanczos');
  const basis: Float64Array[] = [];
  let v = Float64Array.from({ length: n }, () => stream.normal());
  for (let k = 0; k < steps; k++) {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
        v.forEach((x, i) => (v[i] = x - inner * u[i]!));
      }
    }
    const norm = Math.hypot(...v);
    basis.push(v.map((x) => x / norm));
    v = basis[k]!.map((x, i) => x * values[i]!);
  }
  const t = Float64Array.from({ length: steps * steps }, (_, at) =>
    basis[at % steps]!.reduce((sum, x, i) => sum + x * values[i]! * basis[Math.floor(at / steps)]![i]!, 0),
  );
  return smallSymmetricEigen(t, steps).values[0]!;
}

describe('unseenFraction', () => {
  it('is exceeded no more often than it says: one eigenvalue above a continuum, the hard case', () => {
    const n = 400;
    let informative = 0;
    for (const height of [0.05, 0.2, 0.5, 0.8]) {
      const values = Float64Array.from({ length: n }, (_, i) =>
        i === 0 ? 1 : (1 - height) * Math.cos((i * Math.PI) / n / 2),
      );
      const spread = 1 - values[n - 1]!;
      for (const [steps, failure] of [
        [6, 0.3],
        [10, 0.3],
        [16, 0.1],
      ] as const) {
        const epsilon = unseenFraction(n, steps, 1, failure);
        if (epsilon === Infinity) continue;
        informative++;
        let exceeded = 0;
        for (let seed = 0; seed < 100; seed++) {
          if ((1 - largestRitz(values, steps, seed)) / spread > epsilon) exceeded++;
        }
        // Four standard errors of a binomial count above its mean.
        expect(exceeded).toBeLessThanOrEqual(100 * failure + 4 * Math.sqrt(100 * failure * (1 - failure)));
      }
    }
    expect(informative).toBeGreaterThanOrEqual(8);
  });

  it('inverts 1.648 √n e^{−√ε(2k−1)} = failure, takes the r-th root for r vectors, and says nothing after few steps', () => {
    const epsilon = unseenFraction(1e5, 20, 1, 1e-3);
    expect(1.648 * Math.sqrt(1e5) * Math.exp(-Math.sqrt(epsilon) * 39)).toBeCloseTo(1e-3, 12);
    const four = unseenFraction(1e5, 20, 4, 1e-3);
    expect((1.648 * Math.sqrt(1e5) * Math.exp(-Math.sqrt(four) * 39)) ** 4).toBeCloseTo(1e-3, 12);
    expect(unseenFraction(1e5, 2, 1, 1e-3)).toBe(Infinity);
    expect(unseenFraction(1e5, 0, 1, 1e-3)).toBe(Infinity);
  });
});

describe('the ceiling of blockLanczos', () => {
  const n = 500;
  const values = Array.from({ length: n }, (_, i) => (i < 6 ? 10 - i : 1 / (1 + i / 10)));
  const operator = operatorWithSpectrum(values, 3);
  const options = { count: 6, blockSize: 2, tolerance: 1e-3, verify: false } as const;

  it('lies above the eigenvalue behind a start, good or bad, and comes down to what is asked for', () => {
    const { vectors } = blockLanczos(operator, options);
    for (let seed = 0; seed < 30; seed++) {
      const stream = randomStream(seed, 'noise');
      const start = vectors.map((x) => x + (seed % 3) * 0.05 * stream.normal());
      const guards = 1 + (seed % 8);
      const { unseen } = blockLanczos(operator, { ...options, start, guards, seed });
      expect(unseen).toMatchObject({ but: 6, vectors: guards });
      expect(unseen.ceiling).toBeGreaterThanOrEqual(values[6]!);
      const asked = blockLanczos(operator, { ...options, start, guards, seed, ceiling: -0.2 });
      if (asked.stop === 'whole-space') continue;
      expect(asked.unseen.ceiling).toBeGreaterThanOrEqual(values[6]!);
      if (seed % 3 > 0) continue; // with X turned, λ₁ of the rest is larger
      expect(asked.unseen.ceiling).toBeLessThanOrEqual(5 - 0.2 * 10 + 0.02);
      expect(asked.unseen.steps).toBeGreaterThanOrEqual(4); // ε < 1/2 needs 2k − 1 > 6.4 even with eight vectors
    }
  });

  it('bounds the first eigenvalue from a random start, and the last where the smallest are wanted', () => {
    const { unseen } = blockLanczos(operator, { ...options, tolerance: 1e-8 });
    expect(unseen.but).toBe(0);
    expect(unseen.ceiling).toBeGreaterThanOrEqual(10);
    expect(unseen.ceiling).toBeLessThan(13);
    const mirrored = operatorWithSpectrum(
      values.map((x) => -x),
      3,
    );
    const smallest = blockLanczos(mirrored, { ...options, tolerance: 1e-8, which: 'smallest' });
    expect(smallest.unseen.ceiling).toBeCloseTo(-unseen.ceiling, 10);
  });

  it('is not claimed after a start that was hardly extended, or after a restart', () => {
    const cold = blockLanczos(operator, options);
    const warm = blockLanczos(operator, { ...options, start: cold.vectors });
    expect(warm.unseen).toMatchObject({ ceiling: Infinity, vectors: 2 });
    const restarted = blockLanczos(operator, { count: 20, blockSize: 1, tolerance: 1e-10, basis: 30 });
    expect(restarted.restarts).toBeGreaterThan(0);
    expect(restarted.unseen.ceiling).toBe(Infinity);
    const start = new Float64Array(7 * n).map((_, i) => Math.sin(i * i));
    expect(() => blockLanczos(operator, { ...options, start, ceiling: 0.1 })).toThrow(/at most count = 6 vectors/);
  });
});
