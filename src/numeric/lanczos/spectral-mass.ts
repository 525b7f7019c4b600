import { atOnce } from '../kernels/pausing.js';
import { diagonalise } from '../kernels/tridiagonal-eigen.js';
import type { JacobiMatrix } from './spectral-ceiling.js';

/** Nodes, ascending, with their weights. */
export interface SpectralRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** The Gauss rule of the measure of a Jacobi matrix, nodes ascending: eigenvalues, and squared first entries of the eigenvectors (Golub & Welsch 1969). Cost: O(k²). */
export function gaussRuleOf(alpha: readonly number[], beta: readonly number[]): SpectralRule {
  const k = alpha.length;
  const columns = new Float64Array(k).fill(1, 0, 1); // the first row of Q alone
  const diagonal = Float64Array.from(alpha);
  const beside = Float64Array.from(alpha, (_, i) => (i === 0 ? 0 : beta[i - 1]!));
  atOnce(diagonalise({ diagonal, beside, columns }));
  return { nodes: diagonal, weights: columns.map((x) => x ** 2) };
}

/**
 * Bounds on the share of a vector g on the eigenvalues of A beyond a threshold, certain whatever the spectrum is: with g = ‖g‖ Σ γ_i u_i and
 * the first k steps of Lanczos from g, Σ_{λ_i > t} γ_i² ≥ `beyond` and Σ_{λ_i ≥ t} γ_i² ≤ `from`.
 *
 * The Gauss–Radau rule with k + 1 nodes, t one of them, has the moments 0 … 2k of g. A polynomial of that degree that is 1 at t and the nodes above
 * it, 0 at those below, with a double contact everywhere but at t, lies above the indicator of [t, ∞); one that is 0 at t lies below that of (t, ∞)
 * (Chebyshev, Markov & Stieltjes; Szegő 1939, §3.41; for Gauss–Radau rules from Lanczos Golub & Meurant 2010, §6.2). They differ by the weight of t,
 * the Christoffel function 1/Σ p_j(t)², which falls as fast between well separated eigenvalues as Lanczos converges there. Cost: O(k²).
 */
export function massBounds(
  { alpha, beta }: JacobiMatrix,
  t: number,
): { readonly beyond: number; readonly from: number } {
  const k = alpha.length;
  if (k === 0) return { beyond: 0, from: 1 };
  const scale = Math.max(...alpha.map(Math.abs), ...beta, Number.MIN_VALUE);
  // The last diagonal entry that makes t an eigenvalue, from the pivots of T − t (Golub 1973); a pivot of 0 is one of rounding.
  let pivot = alpha[0]! - t;
  for (let j = 1; ; j++) {
    if (pivot === 0) pivot = Number.EPSILON * scale;
    if (j === k) break;
    pivot = alpha[j]! - t - beta[j - 1]! ** 2 / pivot;
  }
  const { nodes, weights } = gaussRuleOf([...alpha, t + beta[k - 1]! ** 2 / pivot], beta);
  const near = 8 * (k + 1) * Number.EPSILON * (scale + Math.abs(t)); // nodes that rounding cannot tell from t
  let [beyond, from] = [0, 0];
  nodes.forEach((node, i) => {
    if (node > t + near) beyond += weights[i]!;
    if (node >= t - near) from += weights[i]!;
  });
  return { beyond: Math.min(1, beyond), from: Math.min(1, from) };
}
