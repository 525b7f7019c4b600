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
  while (state.done !== true) state = program.next(received(operator, state.value, asked(operator, state.value)));
  return state.value;
}

/** The same for an operator that answers later; products are asked for one after the other. Rejects where `apply` does. */
export async function runProgramAsync<Result>(
  operator: AsyncSymmetricOperator,
  program: ProductProgram<Result>,
): Promise<Result> {
  let state = program.next();
  while (state.done !== true) state = program.next(received(operator, state.value, await asked(operator, state.value)));
  return state.value;
}

type Route = (block: Float64Array, columns: number) => unknown;

/** Is a product to be that of a multiple of the block? */
function isMultiple({ precise }: { readonly precise?: Route }, { again = false }: ProductRequest): boolean {
  return again && precise === undefined;
}

/** What the operator answers to a request, at once or later. */
function asked<Answer>(
  operator: {
    apply(block: Float64Array, columns: number): Answer;
    precise?(block: Float64Array, columns: number): Answer;
  },
  request: ProductRequest,
): Answer {
  const { block, columns, again = false } = request;
  if (isMultiple(operator, request)) return operator.apply(times(block, factor), columns);
  return again ? operator.precise!(block, columns) : operator.apply(block, columns);
}

/** The product that a program receives for an answer. */
function received(
  operator: { readonly precise?: Route },
  request: ProductRequest,
  product: Float64Array,
): Float64Array {
  const { length } = request.block;
  if (product.length !== length) {
    throw new NumericalError(`the operator returned ${product.length} numbers for a block of ${length}`);
  }
  return isMultiple(operator, request) ? times(product, 1 / factor) : product;
}

/** No power of two, so that every rounding falls differently. */
const factor = Math.SQRT2;

function times(block: Float64Array, by: number): Float64Array {
  return block.map((x) => by * x);
}
