import { smallSymmetricEigen } from '../kernels/small-symmetric-eigen.js';

/** Nodes and weights of a rule for the average over a standard normal variable, nodes ascending. */
export interface NormalRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss–Hermite: E f(η) = Σ w_i f(x_i), exact for polynomials of degree ≤ 2n − 1. Nodes are the eigenvalues of the Jacobi matrix
 * with off-diagonals √1 … √(n−1), weights the squared first entries of its eigenvectors (Golub & Welsch 1969). Cost: O(n³).
 */
export function gaussHermite(points: number): NormalRule {
  const jacobi = new Float64Array(points * points);
  for (let i = 1; i < points; i++) jacobi[i * points + i - 1] = jacobi[(i - 1) * points + i] = Math.sqrt(i);
  const { values, vectors } = smallSymmetricEigen(jacobi, points);
  return {
    nodes: values.slice().reverse(),
    weights: values.map((_, i) => vectors[(points - 1 - i) * points]! ** 2),
  };
}
