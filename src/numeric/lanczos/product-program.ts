import { NumericalError } from '../../errors.js';
import type { FloatArray } from '../kernels/float-array.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../kernels/symmetric-operator.js';

/** A block of vectors to be multiplied by the operator, one after the other; a copy, the receiver's to keep. */
export interface ProductRequest {
  readonly block: FloatArray;
  readonly columns: number;
  /** By another route, to compare with: the operator's `precise` products, or else those of a multiple of the block. */
  readonly again?: boolean;
}

/** Between two products a program also yields nothing, where it may pause: see `Pausing`. */
type Pause = undefined;

/**
 * An algorithm on a symmetric operator, written once for products that are computed at once and for products that are awaited:
 * it yields the blocks it wants multiplied, receives the products, and returns its result.
 */
export type ProductProgram<Result> = Generator<ProductRequest | Pause, Result, Float64Array>;

/** What a program receives after a pause. */
const nothing = new Float64Array(0);

/** Runs a program on an operator. Throws NumericalError if a product has the wrong length, and what the program throws. */
export function runProgram<Result>(operator: SymmetricOperator, program: ProductProgram<Result>): Result {
  let state = program.next();
  while (state.done !== true) {
    const request = state.value;
    state = program.next(request === undefined ? nothing : received(operator, request, asked(operator, request)));
  }
  return state.value;
}

/** The same for an operator that answers later, and may have others go first at pauses; products are asked for one after the other. Rejects where it does. */
export async function runProgramAsync<Result>(
  operator: AsyncSymmetricOperator,
  program: ProductProgram<Result>,
): Promise<Result> {
  let state = program.next();
  while (state.done !== true) {
    const request = state.value;
    if (request === undefined) {
      await operator.giveWay?.();
      state = program.next(nothing);
    } else state = program.next(received(operator, request, await asked(operator, request)));
  }
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
  const { columns, again = false } = request;
  const block = request.block as Float64Array; // or what an operator of single precision takes as well
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

function times(block: FloatArray, by: number): Float64Array {
  const result = new Float64Array(block.length);
  for (let i = 0; i < block.length; i++) result[i] = by * block[i]!;
  return result;
}
