import { addCombinations } from './add-combinations.js';
import { slabOf } from './inner-products.js';
import type { Pausing } from './pausing.js';

/**
 * The first q vectors of X become X S, `s[i * q + j]` = S_ij, for p ≥ q vectors of length n: `addCombinations` into zeros, a few entries of all vectors
 * at a time, so that no other q vectors are needed. Cost: 2npq.
 */
export function* rotateColumns(x: Float64Array, p: number, s: Float64Array, q: number, n: number): Pausing<void> {
  const slab = Math.min(n, slabOf(p * q));
  const [before, after] = [new Float64Array(p * slab), new Float64Array(q * slab)];
  for (let from = 0; from < n; from += slab) {
    if (from > 0) yield;
    const length = Math.min(slab, n - from);
    for (let i = 0; i < p; i++) before.set(x.subarray(i * n + from, i * n + from + length), i * length);
    addCombinations(before, p, s, after.fill(0), q, length);
    for (let j = 0; j < q; j++) x.set(after.subarray(j * length, (j + 1) * length), j * n + from);
  }
}
