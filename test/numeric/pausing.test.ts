import { describe, expect, it } from 'vitest';
import { blockLanczos, blockLanczosAsync } from '../../src/numeric/lanczos/block-lanczos.js';
import { addCombinations } from '../../src/numeric/kernels/add-combinations.js';
import { innerProductsProgram } from '../../src/numeric/kernels/inner-products.js';
import {
  atOnce,
  breath,
  copied,
  drawn,
  overRows,
  withPauses,
  type Pausing,
} from '../../src/numeric/kernels/pausing.js';
import { rotateColumns } from '../../src/numeric/kernels/rotate-columns.js';
import { arrayVectors } from '../../src/numeric/kernels/vectors.js';
import { symmetricEigenProgram } from '../../src/numeric/kernels/small-symmetric-eigen.js';
import type { AsyncSymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { randomStream } from '../../src/numeric/random.js';
import { hutchPlusPlus, hutchPlusPlusAsync } from '../../src/numeric/traces/hutch-plus-plus.js';
import {
  stochasticLanczosQuadrature,
  stochasticLanczosQuadratureAsync,
} from '../../src/numeric/traces/stochastic-lanczos-quadrature.js';
import { operatorWithSpectrum } from './spectra.js';
import { timeless } from './timeless.js';

const normals = (length: number, key: string): Float64Array => {
  const stream = randomStream(1, key);
  return new Float64Array(length).map(() => stream.normal());
};

/** How often a program pauses. */
function pausesOf(program: Pausing<unknown>): number {
  let pauses = 0;
  while (program.next().done !== true) pauses++;
  return pauses;
}

describe('pauses', () => {
  it('come after some work each, wherever that is', () => {
    const n = 2 ** 20;
    const x = new Float64Array(8 * n);
    const work = 64 * n;
    expect(pausesOf(innerProductsProgram(x, 8, x, 8, n))).toBe(work / breath - 1);
    expect(pausesOf(rotateColumns(arrayVectors(x, 8, n), new Float64Array(64), 8))).toBe(work / breath - 1);
    expect(pausesOf(symmetricEigenProgram(new Float64Array(30 ** 2), 30))).toBeLessThan(10);
    expect(pausesOf(symmetricEigenProgram(normals(300 ** 2, 'matrix'), 300))).toBeGreaterThan(5);
    expect(pausesOf(drawn(2 ** 21, () => 1))).toBeGreaterThanOrEqual(3);
    expect(pausesOf(overRows(1000, breath / 10, () => undefined))).toBe(99);
  });

  it('change nothing: rotations in place are combinations, to the bit', () => {
    const [n, p, q] = [9001, 7, 5];
    const [x, s] = [normals(n * p, 'x'), normals(p * q, 's')];
    const expected = new Float64Array(n * q);
    addCombinations(x, p, s, expected, q, n);
    const rotated = x.slice();
    atOnce(rotateColumns(arrayVectors(rotated, p, n), s, q));
    const isSame = (a: Float64Array, b: Float64Array): boolean => a.every((value, i) => value === b[i]);
    expect(isSame(expected, rotated)).toBe(true);
    expect(isSame(x.subarray(n * q), rotated.subarray(n * q))).toBe(true);
    const target = new Float64Array(n * p + 3);
    atOnce(copied(x, target, 3));
    expect(isSame(x, target.subarray(3))).toBe(true);
  });

  it('of an operator are awaited, give the same bytes, and end a computation where they reject', async () => {
    const plain = operatorWithSpectrum(
      Array.from({ length: 300 }, (_, i) => 1 / (1 + i)),
      1,
    );
    let [pauses, last] = [0, Infinity];
    const operator: AsyncSymmetricOperator = {
      dimension: plain.dimension,
      apply: (block, columns) => Promise.resolve(plain.apply(block, columns)),
      giveWay: () => (++pauses > last ? Promise.reject(new Error('enough')) : Promise.resolve()),
    };
    const search = { count: 40, tolerance: 1e-9 };
    const [trace, quadrature] = [{ products: 60 }, { probes: 2, steps: 30 }];
    expect(timeless(await blockLanczosAsync(operator, search))).toEqual(timeless(blockLanczos(plain, search)));
    expect(pauses).toBeGreaterThan(0);
    expect(await hutchPlusPlusAsync(operator, trace)).toEqual(hutchPlusPlus(plain, trace));
    expect(await stochasticLanczosQuadratureAsync(operator, quadrature)).toEqual(
      stochasticLanczosQuadrature(plain, quadrature),
    );
    last = pauses;
    await expect(blockLanczosAsync(operator, search)).rejects.toThrow('enough');
    expect(pauses).toBe(last + 1);
    const long = withPauses(
      overRows(9, breath, () => undefined),
      () => Promise.reject(new Error('enough')),
    );
    await expect(long).rejects.toThrow('enough');
  });
});

describe('a search that holds few vectors', () => {
  it('finds the same eigenvalues with more products, and never holds more', () => {
    const operator = operatorWithSpectrum(
      Array.from({ length: 300 }, (_, i) => (i < 12 ? 2 - i / 12 : Math.cos(i) ** 2)),
      3,
    );
    const search = { count: 10, tolerance: 1e-6, blockSize: 1, verify: false } as const;
    const [free, tight] = [blockLanczos(operator, search), blockLanczos(operator, { ...search, basis: 16, most: 16 })];
    free.values.forEach((value, i) => {
      expect(Math.abs(tight.values[i]! - value)).toBeLessThan(1e-9);
    });
    expect(tight.restarts).toBeGreaterThan(free.restarts);
    expect(tight.products).toBeGreaterThan(free.products);
    expect(tight.products).toBeLessThan(5000);
    expect(() => blockLanczos(operator, { ...search, basis: 20, most: 16 })).toThrow(/most must be at least/);
  });
});
