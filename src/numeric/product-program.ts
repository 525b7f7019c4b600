import { NumericalError } from '../errors.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from './symmetric-operator.js';

/** A block of vectors to be multiplied by the operator, one after the other; a copy, the receiver's to keep. */
export interface ProductRequest {
  readonly block: Float64Array;
  readonly columns: number;
}

/**
 * An algorithm on a symmetric operator, written once for products that are computed at once and for products that are awaited:
 * it yields the blocks it wants multiplied, receives the products, and returns its result.
 */
export type ProductProgram<Result> = Generator<ProductRequest, Result, Float64Array>;

/** Runs a program on an operator. Throws NumericalError if a product has the wrong length, and what the program throws. */
export function runProgram<Result>(operator: SymmetricOperator, program: ProductProgram<Result>): Result {
  let state = program.next();
  while (state.done !== true) {
    const { block, columns } = state.value;
    state = program.next(checked(operator.apply(block, columns), operator.dimension * columns));
  }
  return state.value;
}

/** The same for an operator that answers later; products are asked for one after the other. Rejects where `apply` does. */
export async function runProgramAsync<Result>(
  operator: AsyncSymmetricOperator,
  program: ProductProgram<Result>,
): Promise<Result> {
  let state = program.next();
  while (state.done !== true) {
    const { block, columns } = state.value;
    state = program.next(checked(await operator.apply(block, columns), operator.dimension * columns));
  }
  return state.value;
}

function checked(product: Float64Array, length: number): Float64Array {
  if (product.length !== length) {
    throw new NumericalError(`the operator returned ${product.length} numbers for a block of ${length}`);
  }
  return product;
}
