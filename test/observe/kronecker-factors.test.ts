import { Matrix, inverse } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { klShampooStep, kroneckerStart, shampooTerm } from '../../src/observe/kronecker-factors.js';
import { randomStream } from '../../src/numeric/random.js';

const [rows, columns] = [3, 5];
const gradient = (seed: number, scale: (i: number, j: number) => number = () => 1) => {
  const stream = randomStream(seed, 'gradient');
  const data = Float64Array.from(
    { length: rows * columns },
    (_, at) => scale(Math.floor(at / columns), at % columns) * stream.normal(),
  );
  return { rows, columns, data };
};

function expectClose(found: Float64Array, expected: Matrix): void {
  expected.to1DArray().forEach((x, i) => {
    expect(found[i]).toBeCloseTo(x, 12);
  });
}

describe("Shampoo's factors", () => {
  it('are those of the definition, by dense inverses', () => {
    let factors = kroneckerStart(rows, columns, 0.7);
    let [left, right] = [Matrix.eye(rows).mul(0.7), Matrix.eye(columns).mul(0.7)];
    for (let step = 1; step <= 4; step++) {
      const given = gradient(step);
      const G = Matrix.from1DArray(rows, columns, given.data);
      const [ofLeft, ofRight] = [
        G.mmul(inverse(right)).mmul(G.transpose()).div(columns),
        G.transpose().mmul(inverse(left)).mmul(G).div(rows),
      ];
      [left, right] = [Matrix.add(left.mul(0.8), ofLeft.mul(0.2)), Matrix.add(right.mul(0.8), ofRight.mul(0.2))];
      factors = klShampooStep(factors, given, 0.2);
      const term = shampooTerm(given);
      expectClose(term.left, G.mmul(G.transpose()));
      expectClose(term.right, G.transpose().mmul(G));
    }
    expectClose(factors.left, left);
    expectClose(factors.right, right);
  });

  it('of independent entries with standard deviations a_i b_j come to a_i² and b_j², up to a number', () => {
    const [a, b] = [
      [1, 2, 4],
      [3, 1, 1, 0.5, 0.5],
    ];
    let factors = kroneckerStart(rows, columns, 1);
    for (let step = 0; step < 3000; step++) {
      factors = klShampooStep(
        factors,
        gradient(100 + step, (i, j) => a[i]! * b[j]!),
        0.002,
      );
    }
    const diagonal = (matrix: Float64Array, n: number, i: number): number => matrix[i * (n + 1)]! / matrix[0]!;
    for (let i = 1; i < rows; i++) expect(diagonal(factors.left, rows, i) / (a[i]! / a[0]!) ** 2).toBeCloseTo(1, 0);
    for (let j = 1; j < columns; j++) {
      expect(diagonal(factors.right, columns, j) / (b[j]! / b[0]!) ** 2, String(j)).toBeGreaterThan(0.75);
      expect(diagonal(factors.right, columns, j) / (b[j]! / b[0]!) ** 2, String(j)).toBeLessThan(1.3);
    }
  });

  it('refuses what is not legal, and a factor that is not positive definite', () => {
    const start = kroneckerStart(rows, columns, 1);
    expect(() => klShampooStep(start, gradient(1), 1)).toThrow('between 0 and 1');
    expect(() => klShampooStep(kroneckerStart(2, columns, 1), gradient(1), 0.1)).toThrow('received 4 and 25');
    expect(() => kroneckerStart(rows, columns, 0)).toThrow('positive');
    expect(() => shampooTerm({ rows, columns, data: new Float64Array(2) })).toThrow('15 entries');
    expect(() => kroneckerStart(1.5, columns, 1)).toThrow('received 1.5 × 5');
    expect(() => kroneckerStart(1e6, columns, 1)).toThrow('from 1 to 30000');
    expect(() => shampooTerm({ rows: -1, columns: -2, data: new Float64Array(2) })).toThrow('received -1 × -2');
    for (const wrong of [NaN, 1e200]) {
      const data = gradient(1).data.with(3, wrong);
      expect(() => shampooTerm({ rows, columns, data })).toThrow(NumericalError);
      expect(() => klShampooStep(start, { rows, columns, data }, 0.1)).toThrow(NumericalError);
    }
    const singular = { ...start, right: new Float64Array(columns ** 2) };
    expect(() => klShampooStep(singular, gradient(1), 0.1)).toThrow('not positive definite');
  });
});
