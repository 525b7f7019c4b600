import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCombinationsOf } from '../../src/numeric/kernels/add-combinations.js';
import { blockKernelsCode } from '../../src/numeric/kernels/block-kernels-code.js';
import type { Precision } from '../../src/numeric/kernels/float-array.js';
import { innerProductsWith } from '../../src/numeric/kernels/inner-products.js';
import { linearMemory, mostBytes, workspace } from '../../src/numeric/kernels/linear-memory.js';
import { atOnce } from '../../src/numeric/kernels/pausing.js';
import { rotateColumns } from '../../src/numeric/kernels/rotate-columns.js';
import { vectorStore, type VectorStore } from '../../src/numeric/kernels/vector-store.js';
import { krylovSpace } from '../../src/numeric/lanczos/krylov-space.js';
import { randomStream } from '../../src/numeric/random.js';
import { compiledKernels, kernelsFile, kernelsText } from './compiled-kernels.js';

const normals = (length: number, key: string, seed: number): Float64Array => {
  const stream = randomStream(seed, key);
  return Float64Array.from({ length }, () => stream.normal());
};

/** Sizes that no width of the kernels divides; short vectors stay in an array, long ones have memories. */
const shape = fc.record({
  p: fc.integer({ min: 1, max: 13 }),
  q: fc.integer({ min: 1, max: 7 }),
  n: fc.constantFrom(1, 2, 3, 5, 63, 1001, 70_001),
  precision: fc.constantFrom<Precision>('f32', 'f64'),
  seed: fc.nat(100),
});

/** A store that fills from one vector on, in memories that hold three of them where they are long. */
function filled(n: number, precision: Precision, p: number, seed: number): { store: VectorStore; x: Float64Array } {
  const width = precision === 'f32' ? 4 : 8;
  const store = vectorStore(n, precision, 1, workspace + 3 * width * (n + 3));
  const block = normals(n * p, 'x', seed);
  for (let i = 0; i < p; i++) {
    store.reserve(i + 1);
    store.write(i, block.subarray(i * n, (i + 1) * n));
  }
  return { store, x: precision === 'f32' ? block.map(Math.fround) : block };
}

describe('the kernels', () => {
  it('are the compiled source, short enough for browsers to compile at once', async () => {
    const module = compiledKernels();
    expect(Buffer.from(module).toString('hex')).toBe(blockKernelsCode);
    expect(readFileSync(kernelsFile, 'utf8')).toBe(await kernelsText(module));
    expect(module.length).toBeLessThan(4096);
  });

  it('are naive sums on stored vectors of either precision, to the rounding of float64', () => {
    fc.assert(
      fc.property(shape, fc.nat(12), ({ p, q, n, precision, seed }, skipped) => {
        const first = Math.min(skipped, p - 1);
        const count = p - first;
        const { store, x } = filled(n, precision, p, seed);
        const [y, s] = [normals(n * q, 'y', seed), normals(count * q, 's', seed)];
        const inner = atOnce(innerProductsWith(store.part(first, count), y, q));
        const sum = y.slice();
        atOnce(addCombinationsOf(store.part(first, count), s, sum, q));
        const expected = y.slice();
        const size = y.map(Math.abs);
        for (let i = 0; i < count; i++) {
          for (let j = 0; j < q; j++) {
            let [product, magnitude] = [0, 0];
            for (let f = 0; f < n; f++) {
              const v = x[(first + i) * n + f]!;
              product += v * y[j * n + f]!;
              magnitude += Math.abs(v * y[j * n + f]!);
              expected[j * n + f]! += s[i * q + j]! * v;
              size[j * n + f]! += Math.abs(s[i * q + j]! * v);
            }
            if (!(Math.abs(inner[i * q + j]! - product) <= 2 * n * Number.EPSILON * magnitude)) return false;
          }
        }
        return sum.every((z, i) => Math.abs(z - expected[i]!) <= 2 * (p + 1) * Number.EPSILON * size[i]!);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('rotate stored vectors in place: combinations, rounded as they are stored, and the others untouched', () => {
    fc.assert(
      fc.property(shape, ({ p, q: wanted, n, precision, seed }) => {
        const q = Math.min(p, wanted);
        const { store, x } = filled(n, precision, p, seed);
        const s = normals(p * q, 's', seed);
        const expected = new Float64Array(n * q);
        atOnce(addCombinationsOf(store.part(0, p), s, expected, q));
        atOnce(rotateColumns(store.part(0, p), s, q));
        expect([...store.read(q, p - q)]).toEqual([...x.subarray(n * q)]);
        const rounded = precision === 'f32' ? expected.map(Math.fround) : expected;
        return store.read(0, q).every((z, i) => z === rounded[i]);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it('say so where the machine has no room', () => {
    expect(() => vectorStore(100_000, 'f64', 1, workspace)).toThrow(/longer than a memory/);
    expect(() => linearMemory(mostBytes)).toThrow(/no room for .* allow fewer vectors/);
  });
});

describe('search spaces', () => {
  it('come by the thousand', () => {
    const start = performance.now();
    for (let i = 0; i < 20_000; i++) krylovSpace(10, 30);
    for (let i = 0; i < 2000; i++)
      krylovSpace(1000, 100, i % 2 === 0 ? 'f32' : 'f64').vectors.write(99, new Float64Array(1000));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
