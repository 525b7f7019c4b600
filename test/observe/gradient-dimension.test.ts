import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { sampleMean } from '../../src/numeric/statistics/confidence-interval.js';
import { gaussianCoordinateNull, gaussianSetNull, populationDimension } from '../../src/observe/gaussian-dimension.js';
import { coordinateDimension, gramMoments, setDimension } from '../../src/observe/gradient-dimension.js';
import { matrixDimension } from '../../src/observe/index.js';

const stream = randomStream(5, 'dimension');
const gaussian = (length: number, scale: (i: number) => number = () => 1): Float64Array =>
  Float64Array.from({ length }, (_, i) => scale(i) * stream.normal());
const many = <T>(count: number, of: () => T): T[] => Array.from({ length: count }, of);

/** The mean of values lies within four of its standard errors of what is said to be exact. */
function expectMean(values: readonly number[], exact: number): void {
  const { value, standardError } = sampleMean(values);
  expect(Math.abs(value - exact) / standardError).toBeLessThan(4);
  expect(standardError / exact).toBeLessThan(0.02); // so that another constant would be seen
}

describe('the dimension over coordinates', () => {
  it('is 1 along an axis and the length where all are equal, whatever the scale and precision', () => {
    expect(coordinateDimension(Float64Array.of(0, -3, 0))).toBe(1);
    expect(coordinateDimension(Float32Array.of(1e-30, -1e-30, 1e-30, 1e-30))).toBeCloseTo(4, 12);
    expect(coordinateDimension(Float64Array.of(2e200, 1e200))).toBeCloseTo(25 / 17, 12);
    expect(() => coordinateDimension(new Float64Array(3))).toThrow(/zero/);
    expect(() => coordinateDimension(Float64Array.of(1, NaN))).toThrow(/not finite/);
  });

  it('of i.i.d. Gaussian vectors is (D + 2)/3 in the harmonic mean, for every D', () => {
    for (const length of [2, 5, 40])
      expectMean(
        many(4000, () => 1 / coordinateDimension(gaussian(length))),
        1 / gaussianCoordinateNull(length),
      );
  });
});

describe('the dimension of a set', () => {
  it('is that of its matrix by another way, and of what is left without the mean if centred', () => {
    const rows = many(4, () => gaussian(7).map((x) => x + 2));
    const dense = (vectors: readonly Float64Array[]) =>
      matrixDimension({ rows: 4, columns: 7, data: Float64Array.from(vectors.flatMap((v) => [...v])) });
    expect(setDimension(rows)).toBeCloseTo(dense(rows).participationRatio, 10);
    const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]! / 4, 0));
    const left = rows.map((row) => row.map((x, j) => x - mean[j]!));
    expect(setDimension(rows, { centred: true })).toBeCloseTo(dense(left).participationRatio, 10);
    expect(setDimension(rows.map((row) => row.map((x) => 1e-200 * x)))).toBeCloseTo(setDimension(rows), 10);
    const { trace, squares } = gramMoments(rows);
    expect(trace ** 2 / squares).toBeCloseTo(setDimension(rows), 10);
    expect(trace).toBeCloseTo(
      rows.flatMap((row) => [...row]).reduce((sum, x) => sum + x ** 2, 0),
      10,
    );
  });

  it('lies between 1 and n, or n − 1', () => {
    expect(setDimension([Float64Array.of(1, 2), Float64Array.of(-3, -6)])).toBeCloseTo(1, 12);
    const axes = [0, 1, 2].map((i) => Float64Array.from({ length: 3 }, (_, j) => (i === j ? 4 : 0)));
    expect(setDimension(axes)).toBeCloseTo(3, 12);
    expect(setDimension(axes, { centred: true })).toBeCloseTo(2, 12);
    expect(() => setDimension([gaussian(3)])).toThrow(/at least 2/);
    expect(() => setDimension([gaussian(3), gaussian(2)])).toThrow(/one length/);
    expect(() => setDimension([new Float64Array(2), new Float64Array(2)])).toThrow(/all zero/);
    expect(() => setDimension([axes[0]!, axes[0]!], { centred: true })).toThrow(/all equal/);
  });

  it('of i.i.d. Gaussian vectors is (nP + 2)/(n + P + 1) in the harmonic mean; centred, of one more', () => {
    for (const [n, dimension] of [
      [2, 3],
      [4, 30],
      [6, 5],
    ] as const) {
      const inverse = (count: number, centred: boolean): number[] =>
        many(
          1500,
          () =>
            1 /
            setDimension(
              many(count, () => gaussian(dimension)),
              { centred },
            ),
        );
      expectMean(inverse(n, false), 1 / gaussianSetNull(n, dimension));
      expectMean(inverse(n + 1, true), 1 / gaussianSetNull(n, dimension));
    }
  });

  it('of any covariance: E(Tr K)²/E Tr K² has the participation ratio of its eigenvalues as P', () => {
    const [n, spread] = [5, (i: number) => 1 / (1 + i)];
    const eigenvalues = Array.from({ length: 8 }, (_, i) => spread(i) ** 2);
    const sum = eigenvalues.reduce((a, x) => a + x, 0);
    const planted = sum ** 2 / eigenvalues.reduce((a, x) => a + x ** 2, 0);
    const moments = many(20_000, () => gramMoments(many(n, () => gaussian(8, spread))));
    const exact = gaussianSetNull(n, planted);
    const bottom = sampleMean(moments.map(({ squares }) => squares)).value;
    const { value, standardError } = sampleMean(
      moments.map(({ trace, squares }) => (trace ** 2 - exact * squares) / bottom),
    );
    expect(Math.abs(value)).toBeLessThan(4 * standardError);
    expect(standardError / exact).toBeLessThan(0.01);
  });

  it('gives the dimension of the population back', () => {
    for (const [n, dimension] of [
      [31, 4],
      [31, 400],
      [3, 1],
    ] as const)
      expect(populationDimension(n, gaussianSetNull(n, dimension))).toBeCloseTo(dimension, 8);
    expect(populationDimension(5, 5)).toBe(Infinity);
    expect(gaussianSetNull(5, Infinity)).toBe(5);
    expect(() => populationDimension(Infinity, 5)).toThrow(/n is finite/);
    expect(populationDimension(100, 1)).toBe(1);
    expect(() => populationDimension(5, 0.5)).toThrow(/at least 1/);
  });
});
