import { describe, expect, it } from 'vitest';
import {
  numbersAt,
  pooledDeviation,
  separation,
} from '../../../../src/studies/reproduce/experiments/spectral-lens/numbers.js';

const planted = (count: number, exponent: number) => Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);

describe('the numbers of Spectral Lens', () => {
  it('are those of eigenvalues for activations and of singular values for gradients', () => {
    const spectra = { activations: { activation2: planted(200, 2) }, gradients: { 'dense2.weight': planted(512, 1) } };
    const [a, g] = [numbersAt('activation2', spectra), numbersAt('dense2.weight', spectra)];
    expect([a.slope, a.head, g.slope, g.head]).toEqual([2, 2, 1, 1].map((x): unknown => expect.closeTo(x, 10)));
    // σ = 1/r in both: the same but for the ranks beyond 200
    expect(Math.abs(a.share / g.share - 1)).toBeLessThan(0.003);
    expect(g.rank).toBeGreaterThan(a.rank);
    expect(g.rank / a.rank).toBeLessThan(2);
    expect(numbersAt('activation2', { ...spectra, activations: { activation2: planted(149, 2) } }).slope).toBeNaN();
  });

  it('are apart in standard deviations between the seeds of one batch, signs as their mean', () => {
    const groups = [
      [1, 2, 3],
      [5, 5, 5],
      [11, 12, 13],
    ];
    expect(pooledDeviation(groups)).toBeCloseTo(Math.sqrt(4 / 6), 12);
    expect(separation(groups)).toEqual(Array(3).fill(expect.closeTo(10 / Math.sqrt(4 / 6), 12)));
    const mixed = separation([
      [0, 0, 12],
      [3, 3, 3],
    ]);
    expect(mixed.map(Math.sign)).toEqual([-1, -1, 1]); // the mean of the differences is positive
    expect(mixed.reduce((sum, x) => sum + x, 0)).toBeGreaterThan(0);
  });
});
