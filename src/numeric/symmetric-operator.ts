/**
 * A real symmetric linear operator A, known only through its products Y = A X.
 *
 * Blocks of vectors are stored one vector after the other: vector j of a block of `columns` vectors occupies
 * `[j * dimension, (j + 1) * dimension)`. `apply` returns a fresh array of the same shape and leaves its input alone.
 */
export interface SymmetricOperator {
  readonly dimension: number;
  apply(block: Float64Array, columns: number): Float64Array;
}
