import type { SymmetricOperator } from '../kernels/symmetric-operator.js';

/** ‖A v_i − λ_i v_i‖ for each pair, with one fresh product each. */
export function trueResiduals(operator: SymmetricOperator, values: Float64Array, vectors: Float64Array): Float64Array {
  return residualNorms(operator.apply(vectors, values.length), values, vectors);
}

/** ‖A v_i − λ_i v_i‖ for each pair, given the products A v_i one after the other. */
export function residualNorms(moved: Float64Array, values: Float64Array, vectors: Float64Array): Float64Array {
  const n = vectors.length / values.length;
  return values.map((value, j) => {
    let sum = 0;
    for (let i = j * n; i < (j + 1) * n; i++) sum += (moved[i]! - value * vectors[i]!) ** 2;
    return Math.sqrt(sum);
  });
}

/**
 * A bound on the eigenvalue errors of orthonormal approximate eigenvectors, the same for all of them: A has as many
 * eigenvalues, each matched to one of the values, within ‖R‖_F of them, R the matrix of residuals (Kahan 1967; Parlett 1998,
 * Thm 11.5.1). A term for the rounding of the products, √n eps ‖A‖, is added.
 */
export function eigenvalueErrors(residuals: Float64Array, dimension: number, norm: number): Float64Array {
  const bound = Math.hypot(...residuals) + Math.sqrt(dimension) * Number.EPSILON * norm;
  return residuals.map(() => bound);
}
