import { denseAt } from './linear-memory.js';
import { atOnce, type Pausing } from './pausing.js';
import { arrayVectors, broughtIn, overPieces, padded, type Vectors } from './vectors.js';

/** Y ← Y + X S: y_j += Σ_i S_ij x_i for q dense vectors, stored one after the other, with `s[i * q + j]` = S_ij. Cost: 2npq operations. */
export function* addCombinationsOf(x: Vectors, s: Float64Array, y: Float64Array, q: number): Pausing<void> {
  yield* addEntries(x, s, y, q, [0, x.dimension]);
}

/** Entries from … to − 1 of it alone: Y holds no others. */
export function* addEntries(
  x: Vectors,
  s: Float64Array,
  y: Float64Array,
  q: number,
  [start, end]: readonly [number, number],
): Pausing<void> {
  const apart = end - start;
  yield* overPieces(x, q, [start, end], ({ part, first, row, rows, from, length }) => {
    const { memory, precision } = part;
    const { address, stride } = part.place(first, rows, from, length);
    const dense = broughtIn(memory, y, q, apart, from - start, length);
    new Float64Array(memory.buffer(), 0, rows * q).set(s.subarray(row * q, (row + rows) * q));
    const combine = precision === 'f32' ? memory.kernels.combineF32 : memory.kernels.combineF64;
    const entries = padded(length);
    combine(address, stride, rows, denseAt, 8 * entries, q, entries, 0);
    for (let j = 0; j < q; j++) {
      y.set(dense.subarray(j * entries, j * entries + length), j * apart + from - start);
    }
  });
}

/** The same for p vectors X of length n in an array, one after the other. */
export function addCombinations(
  x: Float64Array,
  p: number,
  s: Float64Array,
  y: Float64Array,
  q: number,
  n: number,
): void {
  atOnce(addCombinationsProgram(x, p, s, y, q, n));
}

/** `addCombinations` with pauses. */
export function addCombinationsProgram(
  x: Float64Array,
  p: number,
  s: Float64Array,
  y: Float64Array,
  q: number,
  n: number,
): Pausing<void> {
  return addCombinationsOf(arrayVectors(x, p, n), s, y, q);
}
