import { NumericalError } from '../../errors.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../kernels/symmetric-operator.js';

/** A block of vectors to be multiplied by the operator, one after the other; a copy, the receiver's to keep. */
export interface ProductRequest {
  readonly block: Float64Array;
  readonly columns: number;
  /** By another route, to compare with: the operator's `precise` products, or else those of a multiple of the block. */
  readonly again?: boolean;
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
    const { block, columns, again = false } = state.value;
    if (!again) state = program.next(checked(operator.apply(block, columns), block));
    else if (operator.precise !== undefined) state = program.next(checked(operator.precise(block, columns), block));
    else state = program.next(times(checked(operator.apply(times(block, factor), columns), block), 1 / factor));
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
    const { block, columns, again = false } = state.value;
    if (!again) state = program.next(checked(await operator.apply(block, columns), block));
    else if (operator.precise !== undefined)
      state = program.next(checked(await operator.precise(block, columns), block));
    else state = program.next(times(checked(await operator.apply(times(block, factor), columns), block), 1 / factor));
  }
  return state.value;
}

/** No power of two, so that every rounding falls differently. */
const factor = Math.SQRT2;

function times(block: Float64Array, by: number): Float64Array {
  return block.map((x) => by * x);
}

function checked(product: Float64Array, block: Float64Array): Float64Array {
  if (product.length !== block.length) {
    throw new NumericalError(`the operator returned ${product.length} numbers for a block of ${block.length}`);
  }
  return product;
}
