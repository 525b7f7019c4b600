import { describe, expect, it } from 'vitest';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { eigenspaceTilt } from '../../src/numeric/lanczos/eigenspace-tilt.js';
import { randomStream } from '../../src/numeric/random.js';
import { displacedRitz } from './displaced-ritz.js';
import { operatorWithSpectrum } from './spectra.js';

const n = 30;

const inner = (u: Float64Array, i: number, v: Float64Array, j: number): number => {
  let sum = 0;
  for (let f = 0; f < n; f++) sum += u[i * n + f]! * v[j * n + f]!;
  return sum;
};

/** Tr(P_U P_V) of vectors from … to − 1 of U and the first `count` of V. */
function trace(u: Float64Array, from: number, to: number, v: Float64Array, count: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) for (let j = 0; j < count; j++) sum += inner(u, i, v, j) ** 2;
  return sum;
}

describe('eigenspaceTilt', () => {
  it('bounds how far overlaps with any subspace are off, on 300 random operators and accuracies', () => {
    let [informative, largestShare] = [0, 0];
    for (let seed = 0; seed < 300; seed++) {
      const stream = randomStream(seed, 'tilt');
      const values = Array.from({ length: n }, (_, i) => (i < 9 ? 10 - i + stream.uniform() / 2 : stream.uniform()));
      const operator = operatorWithSpectrum(values, seed);
      const exact = denseEigen(operator);
      const ritz = displacedRitz(operator, exact.vectors, 9, 10 ** (-1 - 4 * stream.uniform()), seed);
      const [from, to] = [seed % 4, 4 + (seed % 5)];
      if (exact.values[to]! > ritz.values[to]! + ritz.residuals[to]!) continue;
      const ceilings = ritz.values.map((value, i) => value + ritz.residuals[i]!);
      const bound = eigenspaceTilt({ ...ritz, ceilings }, from, to);
      // Against a random subspace, and against the eigenspace itself, where the first order vanishes.
      const q = denseEigen(operatorWithSpectrum(values, seed + 1000)).vectors;
      const error = Math.abs(trace(ritz.vectors, from, to, q, 7) - trace(exact.vectors, from, to, q, 7));
      expect(error).toBeLessThanOrEqual(bound + 1e-10);
      if (bound < 0.1) informative++;
      largestShare = Math.max(largestShare, error / bound);
    }
    expect(informative).toBeGreaterThan(100);
    expect(largestShare).toBeGreaterThan(0.05);
  });

  it('is attained in a plane to first order', () => {
    // A = diag(1, 0), y = (cos s, sin s), Q on the diagonal: Tr(Q P̂) − ½ = sin s cos s, the residual.
    const s = 1e-4;
    const pairs = {
      values: [Math.cos(s) ** 2, Math.sin(s) ** 2],
      residuals: [Math.sin(s) * Math.cos(s), 0],
      ceilings: [1, 0],
    };
    expect(eigenspaceTilt(pairs, 0, 1) / (Math.sin(s) * Math.cos(s))).toBeCloseTo(1, 6);
  });

  it('is infinite where a cut is not resolved', () => {
    const ceilings = [2.1, 2.1, 1.01];
    expect(eigenspaceTilt({ values: [2, 1, 0.99], residuals: [1e-3, 1e-3, 0.02], ceilings }, 0, 2)).toBe(Infinity);
    expect(eigenspaceTilt({ values: [2, 2, 1], residuals: [1e-3, 1e-3, 1e-3], ceilings }, 1, 2)).toBe(Infinity);
    expect(eigenspaceTilt({ values: [2, 1], residuals: [0.1, 0.1], ceilings }, 0, 2)).toBe(0);
  });

  it('grows with the rounding of the products, also at the upper cut', () => {
    const pairs = { values: [3, 2, 1], residuals: [0, 0, 0], ceilings: [3, 2, 1] };
    expect(eigenspaceTilt({ ...pairs, rounding: 0.1 }, 0, 2)).toBeCloseTo(0.1 / 2 + 0.1, 14);
    expect(eigenspaceTilt({ ...pairs, rounding: 0.1 }, 1, 2)).toBeCloseTo(0.1 / 0.9, 14);
  });
});
