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
 * the smallest Ritz value from above, each with half of the failure: λ ≤ θ + ε (θ − θ_min)/(1 − 2ε). To the accuracy of the
 * found pairs.
 */
export function unseenEigenvalue(
  dimension: number,
  ritz: SmallEigen,
  found: number,
  reached: { readonly steps: number; readonly vectors: number },
  failure = 1e-3,
): UnseenEigenvalue {
  const size = ritz.values.length;
  if (found === dimension || size === dimension) return { ceiling: -Infinity, failure: 0, ...reached };
  const epsilon = unseenFraction(dimension - found, reached.steps, reached.vectors, failure / 2);
  if (size <= found || epsilon >= 0.5) return { ceiling: Infinity, failure, ...reached };
  const spread = ritz.values[found]! - ritz.values[size - 1]!;
  return { ceiling: ritz.values[found]! + (epsilon * spread) / (1 - 2 * epsilon), failure, ...reached };
}

/**
 * The dimension of the Krylov space of a start vector that lies in the search space, apart from the found pairs: Lanczos on the
 * diagonal matrix of Ritz values, until a vector has a product that leaves the search space by more than `slack`.
 *
 * `start`: the vector's coordinates in the basis of Ritz vectors; `coupling`: C Y, open × size, column after column.
 */
export function krylovSteps(
  ritz: SmallEigen,
  found: number,
  start: Float64Array,
  coupling: Float64Array,
  slack: number,
): number {
  const size = ritz.values.length;
  const open = coupling.length / size;
  const largest = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values[size - 1]!));
  const basis: Float64Array[] = [];
  let next = start.slice().fill(0, 0, found);
  while (basis.length < size - found) {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = product(u, next);
        next.forEach((x, i) => (next[i] = x - inner * u[i]!));
      }
    }
    const norm = Math.sqrt(product(next, next));
    if (!(norm > (basis.length === 0 ? 1e-8 : 1e-12 * largest))) break;
    const u = next.map((x) => x / norm);
    basis.push(u);
    const outside = new Float64Array(open);
    for (let j = 0; j < size; j++) for (let i = 0; i < open; i++) outside[i]! += coupling[j * open + i]! * u[j]!;
    if (Math.sqrt(product(outside, outside)) > slack) break;
    next = u.map((x, i) => x * ritz.values[i]!);
  }
  return basis.length;
}

function product(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}
