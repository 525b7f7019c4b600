import { addCombinationsOf } from './add-combinations.js';
import { innerProductsWith } from './inner-products.js';
import { atOnce, type Pausing } from './pausing.js';
import { arrayVectors, type Vectors } from './vectors.js';

/** X ← X − V VᵀX for `columns` dense vectors X, in place; returns VᵀX. Cost: 4n · count · columns. */
export function* projectOutOf(v: Vectors, x: Float64Array, columns: number): Pausing<Float64Array> {
  const inner = yield* innerProductsWith(v, x, columns);
  yield* addCombinationsOf(v, negated(inner), x, columns);
  return inner;
}

/** The same with the first `count` vectors of length n in an array. */
export function projectOut(v: Float64Array, count: number, x: Float64Array, columns: number, n: number): Float64Array {
  return atOnce(projectOutProgram(v, count, x, columns, n));
}

/** `projectOut` with pauses. */
export function projectOutProgram(
  v: Float64Array,
  count: number,
  x: Float64Array,
  columns: number,
  n: number,
): Pausing<Float64Array> {
  return projectOutOf(arrayVectors(v, count, n), x, columns);
}

/** −x, of few numbers. */
export function negated(x: Float64Array): Float64Array {
  return x.map((entry) => -entry);
}
