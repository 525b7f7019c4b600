import { describe, expect, it } from 'vitest';
import { stationaryEnergy } from '../../../src/sgd-noise/index.js';
import {
  relaxed,
  relaxedEnergies,
  shareOfTop,
  type SwitchedGradient,
  type SwitchedRule,
} from '../../../src/studies/quench/index.js';

const gradient: SwitchedGradient = {
  top: [
    { eigenvalue: 5, energy: 2, covariance: 3 },
    { eigenvalue: 12, energy: 0.1, covariance: 0.5 },
  ],
  rest: [
    { eigenvalue: 0.3, energy: 0.2, covariance: 0.7 },
    { eigenvalue: 0, energy: 0.05, covariance: 1 },
    { eigenvalue: -0.2, energy: 0.01, covariance: 0 },
  ],
};
const noisy: SwitchedRule = { learningRate: 0.1, batch: 16 };
const still: SwitchedRule = { learningRate: 0.1, batch: null };

/** E x² of x ← (1 − ηλ) x − η λ ζ, Var ζ = c/b, step by step. */
function recursion(eigenvalue: number, energy: number, variance: number, steps: number): number {
  let square = energy;
  for (let n = 0; n < steps; n++) square = (1 - 0.1 * eigenvalue) ** 2 * square + (0.1 * eigenvalue) ** 2 * variance;
  return square;
}

describe('the gradient after a switch', () => {
  it.each([0, 1, 2, 7, 40])('is that of the recursion of each level, after %i steps', (n) => {
    for (const [rule, unit] of [
      [noisy, 1 / 16],
      [still, 0],
    ] as const) {
      const [found] = relaxedEnergies(gradient, rule, [n]);
      const each = (part: SwitchedGradient['top']): number[] =>
        part.map(({ eigenvalue, energy, covariance }) => recursion(eigenvalue, energy, unit * covariance, n));
      each(gradient.top).forEach((energy, i) => {
        expect(found!.top[i]! / energy).toBeCloseTo(1, 10);
      });
      const rest = each(gradient.rest).reduce((sum, energy) => sum + energy, 0);
      expect(found!.rest / rest).toBeCloseTo(1, 10);
    }
  });

  it('relaxes to the stationary energy of the new rule, and goes on from where it is', () => {
    const [late] = relaxedEnergies(gradient, noisy, [2000]);
    late!.top.forEach((energy, i) => {
      const { eigenvalue, covariance } = gradient.top[i]!;
      const rest = stationaryEnergy(eigenvalue, covariance, { learningRate: 0.1, batch: 16 });
      expect(energy / rest).toBeCloseTo(1, 10);
    });
    const [once] = relaxedEnergies(gradient, noisy, [9]);
    const [twice] = relaxedEnergies(relaxed(gradient, noisy, 4), noisy, [5]);
    expect(twice!.top[0]! / once!.top[0]!).toBeCloseTo(1, 12);
    expect(twice!.rest / once!.rest).toBeCloseTo(1, 12);
  });

  it('has its share of the top space from both parts', () => {
    expect(shareOfTop({ top: [1, 2], rest: 1 })).toBe(0.75);
  });
});
