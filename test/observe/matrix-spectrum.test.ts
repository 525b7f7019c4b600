import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { NumericalError, UsageError } from '../../src/errors.js';
import { randomStream } from '../../src/numeric/random.js';
import { covarianceSpectrum, gramSpectrum, rankMe, leadingShare } from '../../src/observe/matrix-spectrum.js';
import { powerLaw } from '../../src/observe/power-law.js';

const normal = (rows: number, columns: number, seed: number, scale: (column: number) => number = () => 1) => {
  const stream = randomStream(seed, 'matrix');
  const data = Float64Array.from({ length: rows * columns }, (_, i) => scale(i % columns) * stream.normal());
  return { rows, columns, data };
};

describe('covarianceSpectrum', () => {
  it.each([
    [12, 5],
    [5, 12],
  ])('%i × %i: σ²/(n − 1) of the centred rows, whatever their mean', (rows, columns) => {
    const matrix = normal(rows, columns, 1, (j) => 1 + j);
    const centred = Matrix.from1DArray(rows, columns, matrix.data).center('column');
    const sigma = new SingularValueDecomposition(centred, { autoTranspose: true }).diagonal;
    const found = covarianceSpectrum({ ...matrix, data: matrix.data.map((x, i) => x + 7 * (i % columns)) });
    expect(found.length).toBe(Math.min(rows - 1, columns));
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(sigma[i]! ** 2 / (rows - 1), 10);
    });
  });

  it('of i.i.d. Gaussians is inside the edges (1 ± √(columns/n))² of Marchenko and Pastur, and fills them', () => {
    const values = covarianceSpectrum(normal(1600, 100, 2));
    expect(values[0]).toBeLessThan(1.25 ** 2 * 1.05);
    expect(values[0]).toBeGreaterThan(1.25 ** 2 * 0.95);
    expect(values[99]).toBeGreaterThan(0.75 ** 2 * 0.95);
    expect(values[99]).toBeLessThan(0.75 ** 2 * 1.05);
    expect(values.reduce((sum, x) => sum + x, 0) / 100).toBeCloseTo(1, 1);
  });

  it('has exact zeros beyond the rank, where a power law is not fitted', () => {
    const { data } = normal(40, 3, 3);
    const low = Float64Array.from({ length: 40 * 20 }, (_, i) => {
      const [row, column] = [Math.floor(i / 20), i % 20];
      return data[row * 3]! * column + data[row * 3 + 1]! + data[row * 3 + 2]! * column ** 2;
    });
    const values = covarianceSpectrum({ rows: 40, columns: 20, data: low });
    expect([...values.slice(3)]).toEqual(Array(17).fill(0));
    expect(powerLaw(values, { from: 1, to: 3 })).not.toBeNull();
    expect(powerLaw(values, { from: 1, to: 4 })).toBeNull();
  });

  it('refuses one row, other lengths, and what is no number', () => {
    expect(() => covarianceSpectrum({ rows: 1, columns: 2, data: new Float64Array(2) })).toThrow(UsageError);
    expect(() => covarianceSpectrum({ rows: 2, columns: 2, data: new Float64Array(3) })).toThrow(UsageError);
    expect(() => gramSpectrum(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(NumericalError);
    expect(() => gramSpectrum(Float64Array.of(1), 2)).toThrow(UsageError);
  });
});

describe('powerLaw', () => {
  const window = { from: 30, to: 150 };
  const planted = (count: number, exponent: number) =>
    Array.from({ length: count }, (_, i) => 1e-9 * (i + 1) ** -exponent);

  it.each([0, 0.5, 1, 2.5])('gives a planted exponent %f back, whatever the scale', (exponent) => {
    const { exponent: found, standardError, from, to } = powerLaw(planted(200, exponent), window)!;
    expect(found).toBeCloseTo(exponent, 10);
    expect(standardError).toBeLessThan(1e-6);
    expect([from, to]).toEqual([30, 150]);
  });

  it('knows only the ranks of the window', () => {
    const values = planted(200, 1).map((value, i) => (i < 29 ? 1 : i >= 150 ? 0 : value));
    expect(powerLaw(values, window)!.exponent).toBeCloseTo(1, 10);
    expect(powerLaw(values, { from: 29, to: 150 })!.exponent).toBeGreaterThan(1.1);
  });

  it('scatters by its standard error about the exponent where ranks scatter independently', () => {
    const stream = randomStream(5, 'scatter');
    const fits = Array.from({ length: 200 }, () => {
      const values = planted(200, 40).map((value) => value * Math.exp(0.1 * stream.normal()));
      return powerLaw(
        values.sort((a, b) => b - a),
        { from: 3, to: 12 },
      )!;
    });
    const scatter = Math.sqrt(fits.reduce((sum, { exponent }) => sum + (exponent - 40) ** 2, 0) / fits.length);
    const error = fits.reduce((sum, { standardError }) => sum + standardError, 0) / fits.length;
    expect(scatter / error).toBeGreaterThan(0.8);
    expect(scatter / error).toBeLessThan(1.25);
  });

  it('has the standard error of three points by hand: n − 2 degrees of freedom', () => {
    const values = [4, 2, 1.5];
    const points = values.map((value, i) => [Math.log(i + 1), Math.log(value)] as const);
    const [x, y] = [0, 1].map((of) => points.reduce((sum, point) => sum + point[of]! / 3, 0)) as [number, number];
    const xx = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
    const slope = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / xx;
    const left = points.reduce((sum, point) => sum + (point[1] - y - slope * (point[0] - x)) ** 2, 0);
    expect(powerLaw(values, { from: 1, to: 3 })!.standardError).toBeCloseTo(Math.sqrt(left / xx), 12);
  });

  it('is null where ranks are missing or zero, and refuses what is no spectrum', () => {
    expect(powerLaw(planted(149, 1), window)).toBeNull();
    expect(powerLaw([...planted(149, 1), 0], window)).toBeNull();
    expect(powerLaw(planted(150, 1), window)).not.toBeNull();
    expect(() => powerLaw([1, 2, 1], { from: 1, to: 3 })).toThrow(/a spectrum descends/);
    expect(() => powerLaw([3, 2, 1], { from: 2, to: 3 })).toThrow(UsageError);
    expect(() => powerLaw([3, NaN, 1], { from: 1, to: 3 })).toThrow(/received NaN at rank 2/);
    expect(() => powerLaw([Infinity, 2, 1], { from: 1, to: 3 })).toThrow(/received Infinity at rank 1/);
  });
});

describe('rankMe and leadingShare', () => {
  it('of r equal values: r, and m/r; zeros do not count', () => {
    const values = [...Array<number>(12).fill(0.25), 0, 0];
    expect(rankMe(values)).toBeCloseTo(12, 12);
    expect(leadingShare(values, 3)).toBeCloseTo(0.25, 12);
    expect(leadingShare(values, 20)).toBe(1);
  });

  it('of ½, ¼, ¼: 2^1.5, which is of singular values and not of their squares', () => {
    expect(rankMe([2, 1, 1])).toBeCloseTo(2 ** 1.5, 12);
    expect(leadingShare([2, 1, 1], 1)).toBe(0.5);
    expect(() => leadingShare([0, 0], 1)).toThrow(NumericalError);
    expect(() => rankMe([0])).toThrow(NumericalError);
    for (const wrong of [NaN, Infinity, -1]) {
      expect(() => rankMe([2, wrong])).toThrow(/finite and ≥ 0/);
      expect(() => leadingShare([2, wrong], 1)).toThrow(/finite and ≥ 0/);
    }
    for (const m of [0, -1, 1.5, NaN]) expect(() => leadingShare([2, 1], m)).toThrow(/positive integer/);
    expect(() => rankMe([1e308, 1e308])).toThrow(NumericalError);
    expect(() => leadingShare([1e308, 1e308], 1)).toThrow(NumericalError);
  });
});

it('gramSpectrum and covarianceSpectrum refuse sizes that are none, and eigenvalues beyond numbers', () => {
  expect(() => gramSpectrum(Float64Array.of(1), -1)).toThrow(UsageError);
  expect(() => gramSpectrum(Float64Array.of(1e308, 0, 0, 1e308), 2)).toThrow(NumericalError);
  expect(() => covarianceSpectrum({ rows: 2.5, columns: 2, data: new Float64Array(5) })).toThrow(UsageError);
});
