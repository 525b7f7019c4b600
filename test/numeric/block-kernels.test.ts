import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCombinations } from '../../src/numeric/kernels/add-combinations.js';
import { innerProducts } from '../../src/numeric/kernels/inner-products.js';
import { addScaled, dot } from '../../src/numeric/kernels/orthonormalise.js';
import { randomStream } from '../../src/numeric/random.js';

const normals = (length: number, key: string, seed: number): Float64Array => {
  const stream = randomStream(seed, key);
  return Float64Array.from({ length }, () => stream.normal());
};

/** Widths on both sides of the tile's, lengths on both sides of the chunk's. */
const shape = fc.record({
  p: fc.integer({ min: 0, max: 11 }),
  q: fc.integer({ min: 0, max: 11 }),
  n: fc.constantFrom(0, 1, 5, 2047, 2048, 2049, 4100),
  seed: fc.nat(100),
});

describe('innerProducts', () => {
  it('is dot for each pair, within the rounding of two sums', () => {
    fc.assert(
      fc.property(shape, ({ p, q, n, seed }) => {
        const [x, y] = [normals(n * p, 'x', seed), normals(n * q, 'y', seed)];
        const c = innerProducts(x, p, y, q, n);
        expect(c).toHaveLength(p * q);
        for (let i = 0; i < p; i++) {
          for (let j = 0; j < q; j++) {
            let size = 0;
            for (let f = 0; f < n; f++) size += Math.abs(x[i * n + f]! * y[j * n + f]!);
            const difference = Math.abs(c[i * q + j]! - dot(x, i * n, y, j * n, n));
            expect(difference).toBeLessThanOrEqual(2 * n * Number.EPSILON * size);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('is exact on integers, whatever the order of the sums', () => {
    const [p, q, n] = [7, 6, 2500];
    const integers = (count: number, factor: number): Float64Array =>
      Float64Array.from({ length: n * count }, (_, i) => ((i * factor) % 17) - 8);
    const [x, y] = [integers(p, 5), integers(q, 7)];
    const c = innerProducts(x, p, y, q, n);
    c.forEach((value, at) => {
      expect(value).toBe(dot(x, Math.floor(at / q) * n, y, (at % q) * n, n));
    });
  });
});

describe('addCombinations', () => {
  it('is addScaled for each pair, within the rounding of its sum, and leaves X and S alone', () => {
    fc.assert(
      fc.property(shape, ({ p, q, n, seed }) => {
        const [x, s, y] = [normals(n * p, 'x', seed), normals(p * q, 's', seed), normals(n * q, 'y', seed)];
        const [expected, size] = [y.slice(), y.map(Math.abs)];
        for (let i = 0; i < p; i++) {
          for (let j = 0; j < q; j++) {
            addScaled(s[i * q + j]!, x, i * n, expected, j * n, n);
            addScaled(Math.abs(s[i * q + j]!), x.map(Math.abs), i * n, size, j * n, n);
          }
        }
        const [xBefore, sBefore] = [x.slice(), s.slice()];
        addCombinations(x, p, s, y, q, n);
        expect(y.every((value, i) => Math.abs(value - expected[i]!) <= 2 * (p + 1) * Number.EPSILON * size[i]!)).toBe(
          true,
        );
        expect([x, s]).toEqual([xBefore, sBefore]);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});
