/**
 * Eigenpairs of a symmetric operator together with the evidence for them, eigenvalues descending.
 *
 * - `values[i]` = λ_i, `vectors` holds unit vectors one after the other (vector i at `[i * dimension, (i + 1) * dimension)`).
 * - `residuals[i]` = ‖A v_i − λ_i v_i‖, computed with a product of its own, not taken from a recurrence, unless the solver was told so.
 * - `errors[i]` bounds the distance of the i-th value to the i-th eigenvalue of A, copies counted, rounding included; infinite where nothing is known.
 * - `products` counts the operator–vector products spent.
 */
export interface EigenPairs {
  readonly dimension: number;
  readonly values: Float64Array;
  readonly vectors: Float64Array;
  readonly residuals: Float64Array;
  readonly errors: Float64Array;
  readonly products: number;
}
