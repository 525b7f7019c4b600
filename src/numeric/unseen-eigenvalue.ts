import type { SmallEigen } from './small-symmetric-eigen.js';

/** What random start vectors say about eigenvalues that were not found. */
export interface UnseenEigenvalue {
  /** With probability at least 1 − `failure` over the random start, no eigenvalue besides those found lies above it. */
  readonly ceiling: number;
  readonly failure: number;
  /** Random vectors, and the Krylov dimension that each of them reached. */
  readonly vectors: number;
  readonly steps: number;
}

/** How far the Krylov spaces of a start vector stick out of a search space. */
export interface KrylovLeaks {
  /** Entry k − 1 for the k-dimensional one. */
  readonly leaks: readonly number[];
  /** The largest part of a product that is outside, in the coordinates of the residual directions. */
  readonly direction: Float64Array;
}

/**
 * The ε that random Lanczos exceeds with probability `failure`: (λ₁ − θ₁)/(λ₁ − λ_n) > ε for the largest of all Ritz values has
 * probability at most (1.648 √n e^{−√ε(2k−1)})^r with r independent start vectors uniform on the sphere and k steps each
 * (Kuczyński & Woźniakowski 1992, Thm 4.2, for r = 1; the error of a block exceeds ε only if that of each vector does). It holds
 * whatever the spectrum. Infinity where it says nothing.
 */
export function unseenFraction(dimension: number, steps: number, vectors: number, failure: number): number {
  const exponent = Math.log(1.648 * Math.sqrt(dimension)) - Math.log(failure) / vectors;
  const epsilon = steps < 1 ? Infinity : (exponent / (2 * steps - 1)) ** 2;
  return epsilon < 1 ? epsilon : Infinity;
}

/**
 * A ceiling for the eigenvalues that were not found. On the complement of the `found` eigenvectors the random vectors are still
 * uniform, and what they generate lies in the search space, so that `unseenFraction` applies to θ_{found+1} from below and to
 * the smallest Ritz value from above, each with half of the failure: λ ≤ θ + ε (θ − θ_min)/(1 − 2ε).
 *
 * Both are true of A up to a perturbation that grows with the steps, `leaks` for each random vector (`krylovLeaks`), which is
 * added; the ceiling is the lowest over all numbers of steps. An estimate in so far as that perturbation is taken as fixed.
 */
export function unseenEigenvalue(
  dimension: number,
  ritz: SmallEigen,
  found: number,
  guards: readonly KrylovLeaks[],
  failure = 1e-3,
): UnseenEigenvalue {
  const size = ritz.values.length;
  const vectors = guards.length;
  if (size === dimension || found === dimension) return { ceiling: -Infinity, failure: 0, vectors, steps: size };
  let best: UnseenEigenvalue = { ceiling: Infinity, failure, vectors, steps: 0 };
  const reached = vectors === 0 ? 0 : Math.min(...guards.map(({ leaks }) => leaks.length));
  for (let steps = 1; steps <= reached && size > found; steps++) {
    const epsilon = unseenFraction(dimension - found, steps, vectors, failure / 2);
    if (epsilon >= 0.5) continue;
    const spread = ritz.values[found]! - ritz.values[size - 1]!;
    const leak = Math.max(...guards.map(({ leaks }) => leaks[steps - 1]!));
    const ceiling = ritz.values[found]! + (epsilon * spread) / (1 - 2 * epsilon) + leak;
    if (ceiling < best.ceiling) best = { ceiling, failure, vectors, steps };
  }
  return best;
}

/**
 * How far the Krylov spaces of a start vector, apart from the found pairs, stick out of the search space: entry k − 1 is the norm
 * of a perturbation of A for which the k-dimensional one lies in it, (Σ ‖C u_i‖²)^½ over its first k − 1 Lanczos vectors.
 *
 * Lanczos on the diagonal matrix of Ritz values, until it breaks down or more than a tenth of ‖A‖ sticks out. `start`: the vector's coordinates in the basis of Ritz
 * vectors; `coupling`: C Y, open × size, column after column. Cost: O(size³).
 */
export function krylovLeaks(ritz: SmallEigen, found: number, start: Float64Array, coupling: Float64Array): KrylovLeaks {
  const size = ritz.values.length;
  const open = coupling.length / size;
  const largest = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values[size - 1]!));
  const basis: Float64Array[] = [];
  const leaks: number[] = [];
  let [square, largestSquare] = [0, 0];
  let direction = new Float64Array(open);
  let next = start.slice().fill(0, 0, found);
  while (basis.length < size - found) {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = product(u, next);
        for (let i = found; i < size; i++) next[i]! -= inner * u[i]!;
      }
    }
    const norm = Math.sqrt(product(next, next));
    if (!(norm > (basis.length === 0 ? 1e-8 : 1e-12 * largest))) break;
    const u = next.map((x) => x / norm);
    basis.push(u);
    leaks.push(Math.sqrt(square));
    const outside = new Float64Array(open);
    for (let j = 0; j < size; j++) for (let i = 0; i < open; i++) outside[i]! += coupling[j * open + i]! * u[j]!;
    const leak = product(outside, outside);
    square += leak;
    if (leak > largestSquare) [largestSquare, direction] = [leak, outside];
    if (square > (0.1 * largest) ** 2) break;
    next = u.map((x, i) => x * ritz.values[i]!);
  }
  return { leaks, direction };
}

function product(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
