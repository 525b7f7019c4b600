import { addEntries } from './add-combinations.js';
import { room } from './linear-memory.js';
import { atOnce, breath, type Pausing } from './pausing.js';
import type { Vectors } from './vectors.js';

/**
 * The first q vectors of X become X S, `s[i * q + j]` = S_ij, for q ≤ count: combinations from zero, a few entries of all vectors
 * at a time, so that no other q vectors are needed. Cost: 2n · count · q.
 */
export function* rotateColumns(x: Vectors, s: Float64Array, q: number): Pausing<void> {
  const n = x.dimension;
  const longest = Math.max(4, 4 * Math.floor(room.dense / (4 * q)));
  let worked = 0;
  for (let from = 0; from < n; from += longest) {
    if (worked >= breath) {
      yield;
      worked = 0;
    }
    const to = Math.min(from + longest, n);
    const after = new Float64Array(q * (to - from));
    atOnce(addEntries(x, s, after, q, [from, to]));
    worked += x.count * q * (to - from);
    let row = 0;
    for (const part of x.parts) {
      for (let i = 0; i < part.count && row < q; i++, row++) {
        part.put(i, from, after.subarray(row * (to - from), (row + 1) * (to - from)));
      }
    }
  }
}
