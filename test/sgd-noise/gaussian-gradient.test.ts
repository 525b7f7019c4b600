import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { expectedFraction, gaussianFraction, gaussianOverlap, type GradientLevel } from '../../src/sgd-noise/index.js';

const levels: GradientLevel[] = [
  { eigenvalue: 2, multiplicity: 1, variance: 1, flow: 3 },
  { eigenvalue: 0.5, multiplicity: 4, variance: 0.3 },
  { eigenvalue: 0.1, multiplicity: 40, variance: 0.02, flow: 0.1 },
];

/** Means and mean squares of f_top(1) and of the overlap over draws of g. */
function sampled(draws: number): Record<'fraction' | 'overlap', { mean: number; spread: number; error: number }> {
  const stream = randomStream(1, 'gaussian-gradient');
  const values = Array.from({ length: draws }, () => {
    let [X, Y, Z, top] = [0, 0, 0, 0];
    levels.forEach(({ eigenvalue, multiplicity, variance, flow = 0 }, level) => {
      for (let i = 0; i < multiplicity; i++) {
        const g = (i === 0 ? Math.sqrt(flow) : 0) + Math.sqrt(variance) * stream.normal();
        X += eigenvalue * g ** 2;
        Y += g ** 2;
        Z += eigenvalue ** 2 * g ** 2;
        if (level === 0) top += g ** 2;
      }
    });
    return [top / Y, X / Math.sqrt(Y * Z)] as const;
  });
  const of = (i: 0 | 1) => {
    const mean = values.reduce((sum, v) => sum + v[i], 0) / draws;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v[i] - mean) ** 2, 0) / (draws - 1));
    return { mean, spread, error: spread / Math.sqrt(draws) };
  };
  return { fraction: of(0), overlap: of(1) };
}

describe('a Gaussian gradient', () => {
  test('of equal variances has a share of the Beta law: mean m/n, variance 2m(n−m)/(n²(n+2))', () => {
    for (const [m, n] of [
      [1, 2],
      [3, 8],
      [2, 500],
    ] as const) {
      const equal = [
        { eigenvalue: 2, multiplicity: m, variance: 1.7 },
        { eigenvalue: 1, multiplicity: n - m, variance: 1.7 },
      ];
      const { lower, upper } = gaussianFraction(equal, m);
      expect(lower).toEqual(upper);
      expect(lower.mean).toBeCloseTo(m / n, 9);
      expect(lower.spread).toBeCloseTo(Math.sqrt((2 * m * (n - m)) / (n ** 2 * (n + 2))), 9);
    }
  });

  test('of two components: E overlap is an integral over the angle', () => {
    // g = r (cos φ, sin φ): overlap = (a cos² + sin²)/√(a² cos² + sin²)
    const a = 5;
    const of = (phi: number): number =>
      (a * Math.cos(phi) ** 2 + Math.sin(phi) ** 2) / Math.hypot(a * Math.cos(phi), Math.sin(phi));
    const points = 2000;
    let [mean, square] = [0, 0];
    for (let i = 0; i < points; i++) {
      mean += of((2 * Math.PI * i) / points) / points;
      square += of((2 * Math.PI * i) / points) ** 2 / points;
    }
    const found = gaussianOverlap([
      { eigenvalue: a, multiplicity: 1, variance: 1 },
      { eigenvalue: 1, multiplicity: 1, variance: 1 },
    ]);
    expect(found.mean).toBeCloseTo(mean, 8);
    expect(found.spread).toBeCloseTo(Math.sqrt(square - mean ** 2), 7);
  });

  test('with flow: mean and spread are those of draws', () => {
    const draws = 20_000;
    const { fraction, overlap } = sampled(draws);
    const exact = gaussianFraction(levels, 1).lower;
    expect(Math.abs(fraction.mean - exact.mean)).toBeLessThan(4 * fraction.error);
    expect(fraction.spread / exact.spread).toBeCloseTo(1, 1.5);
    const found = gaussianOverlap(levels);
    expect(Math.abs(overlap.mean - found.mean)).toBeLessThan(4 * overlap.error);
    expect(overlap.spread / found.spread).toBeCloseTo(1, 1.5);
  });

  test('a level that is cut counts for nothing, or whole', () => {
    const { lower, upper } = expectedFraction(levels, 2);
    expect(lower).toBeCloseTo(4 / 6.1, 14);
    expect(upper).toBeCloseTo(5.2 / 6.1, 14);
    const drawn = gaussianFraction(levels, 2);
    expect(drawn.lower).toEqual(gaussianFraction(levels, 1).lower);
    expect(drawn.upper).toEqual(gaussianFraction(levels, 5).upper);
  });

  test('does not depend on the unit of energy or of curvature', () => {
    const scaled = levels.map((level) => ({
      ...level,
      eigenvalue: 1e-80 * level.eigenvalue,
      variance: 1e-150 * level.variance,
      flow: 1e-150 * (level.flow ?? 0),
    }));
    expect(gaussianOverlap(scaled).mean).toBeCloseTo(gaussianOverlap(levels).mean, 12);
    expect(gaussianFraction(scaled, 1).lower.mean).toBeCloseTo(gaussianFraction(levels, 1).lower.mean, 12);
  });

  test('without noise it is the flow: f_top and overlap have no spread', () => {
    const flow = [
      { eigenvalue: 2, multiplicity: 1, variance: 0, flow: 1 },
      { eigenvalue: 1, multiplicity: 3, variance: 0, flow: 3 },
    ];
    expect(gaussianFraction(flow, 1).lower.mean).toBeCloseTo(1 / 4, 9);
    expect(gaussianOverlap(flow).mean).toBeCloseTo(5 / Math.sqrt(4 * 7), 9);
    expect(gaussianOverlap(flow).spread).toBeLessThan(1e-4);
  });

  test('refuses a gradient that is 0, and a top space without dimensions', () => {
    expect(() => expectedFraction([{ eigenvalue: 1, multiplicity: 2, variance: 0 }], 1)).toThrow('positive and finite');
    expect(() => gaussianOverlap([{ eigenvalue: 0, multiplicity: 2, variance: 1 }])).toThrow('positive and finite');
    expect(() => expectedFraction([{ eigenvalue: 1, multiplicity: 1, variance: -1 }], 1)).toThrow(
      'must not be negative',
    );
    expect(() => expectedFraction(levels, 0)).toThrow('positive number of dimensions');
  });
});
