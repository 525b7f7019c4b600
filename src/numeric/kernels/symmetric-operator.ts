import type { Precision } from './float-array.js';

/**
 * A real symmetric linear operator A, known only through its products Y = A X.
 *
 * Blocks of vectors are stored one vector after the other: vector j of a block of `columns` vectors occupies
 * `[j * dimension, (j + 1) * dimension)`. `apply` returns a fresh array of the same shape and leaves its input alone.
 */
export interface SymmetricOperator {
  readonly dimension: number;
  /** The precision that products are computed in; default 'f64'. Where it is 'f32', blocks may also be Float32Array: those that a search keeps in it. */
  readonly precision?: Precision;
  /** Y = A X, of a block of `columns` vectors. */
  apply(block: Float64Array, columns: number): Float64Array;
  /** The same products at a higher accuracy, where there are such: what the rounding of `apply` is measured by. */
  precise?(block: Float64Array, columns: number): Float64Array;
}

/** A symmetric operator whose products are computed elsewhere and awaited. The conventions are those of `SymmetricOperator`. */
export interface AsyncSymmetricOperator {
  readonly dimension: number;
  /** The precision that products are computed in; default 'f64'. Where it is 'f32', blocks may also be Float32Array: those that a search keeps in it. */
  readonly precision?: Precision;
  /** Y = A X, of a block of `columns` vectors. */
  apply(block: Float64Array, columns: number): Promise<Float64Array>;
  /** The same products at a higher accuracy, where there are such. */
  precise?(block: Float64Array, columns: number): Promise<Float64Array>;
  /** Awaited at the pauses of long computations between products: rejects where these are to be given up. */
  giveWay?(): Promise<void>;
}
