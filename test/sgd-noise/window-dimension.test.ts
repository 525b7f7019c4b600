import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { sampleMean } from '../../src/numeric/statistics/confidence-interval.js';
import { gaussianSetNull } from '../../src/observe/gaussian-dimension.js';
import { gramMoments } from '../../src/observe/gradient-dimension.js';
import { stationaryEnergy } from '../../src/sgd-noise/index.js';
import { gradientCorrelation, stepCorrelation, windowDimension } from '../../src/sgd-noise/window-dimension.js';

const rule = { learningRate: 0.5, batch: 4 };
const modes = [
  { eigenvalue: 1.6, multiplicity: 1, covariance: 3 },
  { eigenvalue: 0.5, multiplicity: 3, covariance: 1 },
  { eigenvalue: 0.1, multiplicity: 6, covariance: 0.4 },
];
const window = 5;

/** Moments of the Gram matrices of windows of SGD itself at rest, x ← x − η(λx + ζ): of gradients λx and of batch gradients λx + ζ. */
function simulated(of: 'gradient' | 'step', windows: number) {
  const stream = randomStream(1, 'window', of);
  const each = modes.flatMap(({ multiplicity, ...mode }) => Array.from({ length: multiplicity }, () => mode));
  const x = each.map(() => 0);
  const next = (): Float64Array =>
    Float64Array.from(each, ({ eigenvalue, covariance }, i) => {
      const slope = eigenvalue * x[i]!;
      const noisy = slope + Math.sqrt(covariance / rule.batch) * stream.normal();
      x[i]! -= rule.learningRate * noisy;
      return of === 'gradient' ? slope : noisy;
    });
  for (let i = 0; i < 200; i++) next();
  return Array.from({ length: windows }, () => {
    for (let i = 0; i < 40; i++) next();
    return gramMoments(Array.from({ length: window }, next));
  });
}

describe('the dimension of a window of SGD', () => {
  const correlations = { gradient: gradientCorrelation, step: stepCorrelation };
  for (const of of ['gradient', 'step'] as const) {
    it(`is that of ${of}s of SGD itself at rest`, () => {
      const levels = modes.map(({ eigenvalue, multiplicity, covariance }) => ({
        multiplicity,
        correlation: correlations[of](eigenvalue, covariance, rule),
      }));
      const exact = windowDimension(levels, window);
      const moments = simulated(of, 3000);
      const bottom = sampleMean(moments.map(({ squares }) => squares)).value;
      const { value, standardError } = sampleMean(
        moments.map(({ trace, squares }) => (trace ** 2 - exact * squares) / bottom),
      );
      expect(Math.abs(value)).toBeLessThan(4 * standardError);
      expect(standardError / exact).toBeLessThan(0.015);
    });
  }

  it('without correlations is that of independent vectors, and 1 of one vector', () => {
    const levels = [2, 1].map((size) => ({ multiplicity: 3, correlation: (lag: number) => (lag === 0 ? size : 0) }));
    expect(windowDimension(levels, 7)).toBeCloseTo(gaussianSetNull(7, 9 ** 2 / 15), 12);
    expect(windowDimension(levels, 1)).toBe(1);
    expect(() => windowDimension(levels, 0)).toThrow(/positive number of steps/);
    for (const still of [0, 1e200, NaN]) {
      expect(() => windowDimension([{ multiplicity: 1, correlation: () => still }], 3)).toThrow(/no dimension/);
    }
    expect(() => windowDimension([], 3)).toThrow(/no dimension/);
  });

  it('has gradients of the stationary energy, and steps that add up to nothing in the long run', () => {
    expect(gradientCorrelation(1.6, 3, rule)(0)).toBe(stationaryEnergy(1.6, 3, rule));
    const correlation = stepCorrelation(0.5, 1, rule);
    let sum = correlation(0);
    for (let lag = 1; lag < 400; lag++) sum += 2 * correlation(lag);
    expect(sum).toBeCloseTo(0, 12);
    expect(() => stepCorrelation(1, 1, { ...rule, momentum: 0.5 })).toThrow(/without momentum/);
    expect(() => gradientCorrelation(5, 1, rule)).toThrow(/diverges/);
  });
});
