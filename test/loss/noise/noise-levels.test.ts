import { expect, it } from 'vitest';
import { noiseLevels } from '../../../src/loss/noise/noise-levels.js';

const rest = {
  dimension: 3,
  probes: [{ nodes: Float64Array.of(2, 1), weights: Float64Array.of(1, 2), covariances: Float64Array.of(-1, 0.1) }],
};

it('spreads the energy of the rest over levels with its moments, and takes a negative estimate as none', () => {
  const levels = (energy: number) => noiseLevels({ eigenvalues: [5], top: [3], rest: energy }, rest);
  const sum = (energy: number): number =>
    levels(energy)
      .slice(1)
      .reduce((total, { multiplicity, variance }) => total + multiplicity * variance, 0);
  expect(levels(0.5)[0]).toEqual({ eigenvalue: 5, multiplicity: 1, variance: 3 });
  expect(sum(0.5)).toBeCloseTo(0.5, 12);
  expect(sum(-0.5)).toBe(0);
});
