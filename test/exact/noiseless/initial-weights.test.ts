import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinWeights, randomWeights, splitWeights } from '../../../src/exact/noiseless/index.js';
import { randomStream } from '../../../src/numeric/random.js';

/** k orthonormal rows in d dimensions, by Gram–Schmidt on keyed normal vectors. */
function orthonormalRows(k: number, d: number, seed: number): Float64Array {
  const stream = randomStream(seed, 'orthonormal');
  const rows: number[][] = [];
  while (rows.length < k) {
    let row = Array.from({ length: d }, () => stream.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const q of rows) {
        const inner = q.reduce((sum, x, i) => sum + x * row[i]!, 0);
        row = row.map((x, i) => x - inner * q[i]!);
      }
    }
    const norm = Math.hypot(...row);
    rows.push(row.map((x) => x / norm));
  }
  return Float64Array.from(rows.flat());
}

describe('splitWeights', () => {
  it('is undone by joinWeights, and leaves nothing on the means in the frozen part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 0, max: 5 }), fc.nat(1000), (k, extra, seed) => {
        const d = k + extra;
        const means = orthonormalRows(k, d, seed);
        const stream = randomStream(seed, 'weights');
        const weights = new Float64Array(k * d).map(() => stream.normal());
        const split = splitWeights(weights, means, k);
        joinWeights(split, means, k).forEach((w, i) => {
          expect(Math.abs(w - weights[i]!)).toBeLessThan(1e-14 * d);
        });
        splitWeights(split.frozen, means, k).onMeans.forEach((w) => {
          expect(Math.abs(w)).toBeLessThan(1e-14 * d);
        });
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it('refuses means that are not orthonormal and sizes that do not fit', () => {
    expect(() => splitWeights(new Float64Array(4), Float64Array.of(1, 0, 0.1, 1), 2)).toThrow(
      /must be orthonormal: μ_1 · μ_0 = 0.1/,
    );
    expect(() => splitWeights(new Float64Array(4), new Float64Array(6), 2)).toThrow(/received 4 and 6 numbers/);
  });
});

describe('randomWeights', () => {
  it('is keyed by its seed and scales', () => {
    expect(randomWeights(3, 2, 1)).toEqual(randomWeights(3, 1, 1).map((w) => 2 * w));
    expect(randomWeights(3, 1, 1)).not.toEqual(randomWeights(3, 1, 2));
    expect(() => randomWeights(3, -1, 1)).toThrow(/scale of random weights must be a positive number/);
  });
});
