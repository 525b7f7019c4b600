import { addCombinations } from './add-combinations.js';
import { innerProducts } from './inner-products.js';

/** X ← X − V VᵀX with the first `count` vectors of V, each of length n, for `columns` vectors X, in place; returns VᵀX. Cost: 4n · count · columns. */
export function projectOut(v: Float64Array, count: number, x: Float64Array, columns: number, n: number): Float64Array {
  const inner = innerProducts(v, count, x, columns, n);
  addCombinations(
    v,
    count,
    inner.map((c) => -c),
    x,
    columns,
    n,
  );
  return inner;
}
