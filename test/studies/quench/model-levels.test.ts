import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { linePoint, stationaryNoise } from '../../../src/exact/noisy/index.js';
import { modelLevels, relaxedEnergies, shareOfTop } from '../../../src/studies/quench/index.js';

const model = { classes: 3, dim: 8, noise: 0.4 };
const rule = { learningRate: 10, batch: 640 };

describe('the exact model at rest', () => {
  it('has the energies of the stationary noise at α*, level by level', () => {
    const { sectors, gradient } = modelLevels(model, rule);
    const exact = stationaryNoise({ ...model, margin: 1 / model.noise ** 2 }, rule);
    const levels = exact.levels.filter(({ sector }) => sector !== 'gauge');
    expect(sectors.map(({ sector, multiplicity }) => [sector, multiplicity])).toEqual(
      levels.map(({ sector, multiplicity }) => [sector, multiplicity]),
    );
    [...gradient.top, ...gradient.rest].forEach(({ energy, covariance }, i) => {
      const { multiplicity, covariance: each, sector, gradientEnergy } = levels[i]!;
      expect(covariance / (multiplicity * each)).toBeCloseTo(1, 12);
      if (sector !== 'trivial') expect(energy / gradientEnergy, sector).toBeCloseTo(1, 9); // the flow rests but for rounding
    });
    const share = shareOfTop(relaxedEnergies(gradient, { learningRate: 1, batch: null }, [0])[0]!);
    expect(share).toBeCloseTo(exact.topFraction.stationary.lower, 9);
  });

  it('takes the energies of a gradient sector by sector', () => {
    const { sectors, gradient, energiesOf } = modelLevels(model, rule);
    const { classes: k, dim } = model;
    // B is trivial, of squared length k − 1; the entry (0, k) lies along a feature outside the means
    const x = Float64Array.from({ length: k * dim }, (_, i) =>
      i % dim < k ? (Math.floor(i / dim) === i % dim ? 1 : 0) - 1 / k : 0,
    );
    x[k] = 2;
    const { top, rest } = energiesOf(x);
    expect(top).toHaveLength(gradient.top.length);
    expect(Math.max(...top)).toBeLessThan(1e-20);
    expect(sectors.at(-1)!.sector).toBe('trivial');
    expect(rest).toBeCloseTo(k - 1 + 4, 12);
    expect(linePoint({ ...model, margin: 1 }).spectrum.levels.length).toBe(sectors.length + 1);
  });

  it('refuses a k that cuts a level', () => {
    expect(() => modelLevels({ classes: 4, dim: 10, noise: 0.5 }, rule)).toThrow(UsageError);
    expect(() => modelLevels({ classes: 4, dim: 10, noise: 0.5 }, rule)).toThrow('the levels end after 3, 6, 24');
  });
});
