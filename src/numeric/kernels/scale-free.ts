import type { ProductProgram } from '../lanczos/product-program.js';
import { unitFactor } from './unit-scale.js';

/** Products within this power of two of 1 are left as they are: their squares, and squares of those, are ordinary numbers. */
const ordinary = 2 ** 200;

/**
 * A program whose result is homogeneous in the operator, run on s A where A is so small or large that squares of its products
 * would leave the range of float64: s is the power of two that brings the first product that is not zero to the order of 1.
 * `restore` takes the result for s A, and 1/s, to that for A; elsewhere the program runs as it is.
 */
export function* scaleFree<Result>(
  program: ProductProgram<Result>,
  restore: (result: Result, inverse: number) => Result,
): ProductProgram<Result> {
  let factor: number | undefined;
  let state = program.next();
  while (state.done !== true) {
    const product = yield state.value;
    if (state.value === undefined) {
      state = program.next(product);
      continue;
    }
    factor ??= factorOf(product);
    if (factor !== undefined && factor !== 1) for (let i = 0; i < product.length; i++) product[i]! *= factor;
    state = program.next(product);
  }
  return factor === undefined || factor === 1 ? state.value : restore(state.value, 1 / factor);
}

/** Undefined for a product that is zero, which says nothing. */
function factorOf(product: Float64Array): number | undefined {
  if (product.every((x) => x === 0)) return undefined;
  const factor = unitFactor(product);
  return factor > ordinary || factor < 1 / ordinary ? factor : 1;
}
