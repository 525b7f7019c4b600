/** The first k steps of Lanczos from a unit vector: the diagonal of its tridiagonal matrix, and below it β_1 … β_k, β_k what is left of the last product. */
export interface JacobiMatrix {
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
}

/**
 * A bound on the largest eigenvalue of a symmetric operator from Lanczos with a random start: λ₁ is at most the μ that is returned, with
 * probability at least 1 − `failure` over the start, uniform on the unit sphere of `dimension` n, whatever the spectrum.
 *
 * Let u be a unit eigenvector of λ₁ and q_j = p_{j−1}(A) q_1 the Lanczos vectors, p_j the orthonormal polynomials of the tridiagonal matrix.
 * u · q_j = p_{j−1}(λ₁) (u · q_1), and Σ_j (u · q_j)² ≤ 1, so that (u · q_1)² ≤ 1/Σ_{j ≤ k} p_j(λ₁)², the Christoffel function at λ₁. Beyond
 * the largest Ritz value that decreases, as fast as the spectrum that was seen lets it. On the other hand |u · q_1| ≤ δ √(π/2n) has
 * probability at most δ. So unless that happened, λ₁ is not above the μ at which Σ p_j(μ)² = 2n/(πδ²) (van Dorsselaer, Hochstenbach & van
 * der Vorst 2000, SIAM J. Matrix Anal. Appl. 22, 837, with the last polynomial alone). The event does not depend on k: the bound holds at
 * all steps at once, and Lanczos may stop when it likes it.
 *
 * Never below the largest Ritz value; Infinity without steps. Cost: O(k) for each of some sixty bisections.
 */
export function spectralCeiling(jacobi: JacobiMatrix, dimension: number, failure: number): number {
  const needed = (2 * dimension) / (Math.PI * failure ** 2);
  return firstAbove(jacobi, (sum) => sum >= needed);
}

/** The largest eigenvalue of the tridiagonal matrix; −Infinity without steps. */
export function largestRitzValue(jacobi: JacobiMatrix): number {
  return jacobi.alpha.length === 0 ? -Infinity : firstAbove(jacobi, () => true);
}

/** The smallest λ beyond all zeros of p_0 … p_k at which Σ p_j(λ)² is large enough. */
function firstAbove(jacobi: JacobiMatrix, isEnough: (sum: number) => boolean): number {
  const { alpha, beta } = jacobi;
  if (alpha.length === 0) return Infinity;
  const centre = Math.max(...alpha);
  const isAbove = (lambda: number): boolean => {
    const sum = squaredPolynomials(jacobi, lambda);
    return sum !== undefined && isEnough(sum);
  };
  let width = Math.max(...beta, Number.EPSILON * Math.abs(centre), Number.MIN_VALUE);
  while (!isAbove(centre + width)) {
    width *= 2;
    if (width === Infinity) return Infinity;
  }
  let [low, high] = [centre - Number.MIN_VALUE, centre + width];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Σ_{j ≤ k} p_j(λ)² by the ratios p_j/p_{j−1}, which do not overflow; undefined where one is not positive: λ is then not above all Ritz
 * values (Sturm).
 */
function squaredPolynomials({ alpha, beta }: JacobiMatrix, lambda: number): number | undefined {
  let [ratio, p, sum] = [Infinity, 1, 1];
  for (let j = 0; j < alpha.length; j++) {
    ratio = (lambda - alpha[j]! - (j === 0 ? 0 : beta[j - 1]! / ratio)) / beta[j]!;
    if (!(ratio > 0)) return undefined;
    p *= ratio;
    sum += p ** 2;
  }
  return sum;
}
