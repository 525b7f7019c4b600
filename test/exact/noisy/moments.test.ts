import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { softmaxMoment, type MomentFactor } from '../../../src/exact/noisy/index.js';
import { randomStream } from '../../../src/numeric/random.js';
import { shiftedLattices, tensorHermite } from '../../../src/exact/population/index.js';

/** The average of Π p^n η^m over given normal points, from the definition. */
function average(
  point: { classes: number; noise: number; margin: number },
  factors: readonly MomentFactor[],
  { points, weights }: ReturnType<ReturnType<typeof tensorHermite>>,
): number {
  const k = point.classes;
  let other = 1;
  const places = factors.map(({ isTrue }) => (isTrue ? 0 : other++));
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const eta = points.subarray(i * k, (i + 1) * k);
    const z = eta.map((x, c) => point.margin * ((c === 0 ? 1 : 0) + point.noise * x));
    const top = Math.max(...z);
    const e = z.map((x) => Math.exp(x - top));
    const Z = e.reduce((sum, x) => sum + x, 0);
    let product = weights[i]!;
    factors.forEach(({ power, order = 0 }, j) => {
      product *= (e[places[j]!]! / Z) ** power * eta[places[j]!]! ** order;
    });
    total += product;
  }
  return total;
}

const p0: MomentFactor = { isTrue: true, power: 1 };
const p1: MomentFactor = { power: 1 };
const lists: readonly (readonly MomentFactor[])[] = [
  [p0],
  [p1],
  [p0, p1],
  [{ isTrue: true, power: 2 }],
  [{ isTrue: true, power: 1, order: 2 }, { power: 2 }],
  [
    { isTrue: true, power: 1, order: 1 },
    { power: 1, order: 1 },
  ],
  [{ power: 1, order: 3 }],
  [{ power: 3, order: 4 }],
];

describe('softmaxMoment', () => {
  it('agrees with tensor Gauss–Hermite for k ≤ 4', () => {
    const cases = [
      { classes: 2, noise: 0.7, margin: 1.2, nodes: 60 },
      { classes: 3, noise: 0.4, margin: 2, nodes: 40 },
      { classes: 4, noise: 0.25, margin: 3, nodes: 26 },
    ];
    for (const { nodes, ...point } of cases) {
      const rule = tensorHermite(nodes)(point.classes);
      for (const factors of lists) {
        const { value, relativeError } = softmaxMoment(point, factors);
        expect(Math.abs(average(point, factors, rule) / value - 1)).toBeLessThan(1e-10 + relativeError);
      }
    }
  });

  it('agrees with randomised lattices within their error bars for larger k', () => {
    const shifts = 16;
    for (const point of [
      { classes: 8, noise: 0.5, margin: 3 },
      { classes: 20, noise: 1, margin: 1 },
    ]) {
      const rules = shiftedLattices(2039, shifts, randomStream(3, 'moments')).map((rule) => rule(point.classes));
      for (const factors of lists.slice(0, 6)) {
        const values = rules.map((rule) => average(point, factors, rule));
        const mean = values.reduce((sum, x) => sum + x, 0) / shifts;
        const error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (shifts * (shifts - 1)));
        const { value } = softmaxMoment(point, factors);
        expect(error / Math.abs(value)).toBeLessThan(0.05);
        expect(Math.abs(mean - value) / error).toBeLessThan(5);
      }
    }
  });

  it('carries an error estimate that bounds the true error, and is at most 1e-10 where the value is above 1e-250', () => {
    // E p_1 of two classes is an integral of one variable, E 1/(1 + e^D), D ~ N(α, 2α²σ²): a path of its own.
    for (const noise of [0.01, 0.05, 0.2, 1, 10]) {
      for (const relative of [1e-3, 0.1, 0.4, 0.7, 1, 1.5, 2]) {
        const margin = relative / noise ** 2;
        const { logSize, relativeError } = softmaxMoment({ classes: 2, noise, margin }, [p1]);
        const exact = logOfLogisticAverage(margin, Math.SQRT2 * margin * noise);
        if (exact > Math.log(1e-250)) expect(relativeError).toBeLessThan(1e-10);
        expect(Math.abs(Math.expm1(logSize - exact))).toBeLessThan(
          relativeError + 1e-13 * Math.max(1, Math.abs(exact)),
        );
      }
    }
  });

  it('sums over the classes to 1 for random models up to k = 10 000', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10_000 }),
        fc.double({ min: Math.log(0.01), max: Math.log(10), noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (classes, logNoise, relative) => {
          const noise = Math.exp(logNoise);
          const point = { classes, noise, margin: relative / noise ** 2 };
          const [right, wrong] = [softmaxMoment(point, [p0]), softmaxMoment(point, [p1])];
          const allowed = right.relativeError + wrong.relativeError;
          expect(allowed).toBeLessThan(1e-10);
          expect(Math.abs(right.value + (classes - 1) * wrong.value - 1)).toBeLessThan(allowed);
        },
      ),
      { numRuns: 60, seed: 4 },
    );
  });

  it('says that nothing is known where odd orders cancel to the last digit', () => {
    // E η_1 p_0 = −ασ E p_0p_1 is 7e-65: nothing is left of a mean of order one.
    const { value, relativeError } = softmaxMoment({ classes: 4, noise: 0.04, margin: 250 }, [
      p0,
      { power: 0, order: 1 },
    ]);
    expect([value, relativeError]).toEqual([0, Infinity]);
  });

  it('knows the moments without any p, and refuses what is not a moment', () => {
    const point = { classes: 3, noise: 0.3, margin: 1 };
    expect(softmaxMoment(point, [{ power: 0, order: 4 }]).value).toBe(3);
    expect(() => softmaxMoment(point, [p1, p1, p1])).toThrow(UsageError);
    expect(() => softmaxMoment(point, [p0, p0])).toThrow(/at most one true class/);
    expect(() => softmaxMoment(point, [{ power: 0.5 }])).toThrow(/integers from 0 to 20/);
    expect(() => softmaxMoment({ ...point, noise: 1e-3 }, [p1])).toThrow(/noise must lie between/);
    expect(() => softmaxMoment({ ...point, margin: 101 }, [p1])).toThrow(/margin must lie between/);
  });
});

/** log E 1/(1 + e^D), D ~ N(mean, deviation²), by the trapezoidal rule around the maximum in logarithms. */
function logOfLogisticAverage(mean: number, deviation: number): number {
  const exponent = (d: number): number =>
    -(((d - mean) / deviation) ** 2) / 2 - (d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d)));
  let [low, high] = [mean - deviation ** 2 - 60 - 40 * deviation, mean + 40 * deviation];
  for (let i = 0; i < 300; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (exponent(a) < exponent(b)) low = a;
    else high = b;
  }
  const top = (low + high) / 2;
  const step = Math.min(0.05, deviation / 20);
  let sum = 0;
  for (let i = -Math.ceil((80 + 14 * deviation) / step); i * step < 80 + 14 * deviation; i++) {
    sum += Math.exp(exponent(top + i * step) - exponent(top));
  }
  return exponent(top) + Math.log((sum * step) / (deviation * Math.sqrt(2 * Math.PI)));
}
