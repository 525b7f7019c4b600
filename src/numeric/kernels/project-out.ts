import { addCombinationsProgram } from './add-combinations.js';
import { innerProductsProgram } from './inner-products.js';
import { atOnce, type Pausing } from './pausing.js';

/** X ← X − V VᵀX with the first `count` vectors of V, each of length n, for `columns` vectors X, in place; returns VᵀX. Cost: 4n · count · columns. */
export function projectOut(v: Float64Array, count: number, x: Float64Array, columns: number, n: number): Float64Array {
  return atOnce(projectOutProgram(v, count, x, columns, n));
}

/** `projectOut` with pauses. */
export function* projectOutProgram(
  v: Float64Array,
  count: number,
  x: Float64Array,
  columns: number,
  n: number,
): Pausing<Float64Array> {
  const inner = yield* innerProductsProgram(v, count, x, columns, n);
  const negative = inner.map((c) => -c);
  yield* addCombinationsProgram(v, count, negative, x, columns, n);
  return inner;
}
