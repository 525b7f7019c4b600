import type { KrylovSpace } from './krylov-space.js';
import { smallSymmetricEigen } from './small-symmetric-eigen.js';

/** What random start vectors say about eigenvalues that were not found. */
export interface UnseenEigenvalue {
  /** With probability at least 1 − `failure` over the random vectors, all but `but` eigenvalues lie below it. */
  readonly ceiling: number;
  readonly failure: number;
  /** How many vectors the search started from besides the random ones. */
  readonly but: number;
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
 * A ceiling for all but the `but` largest eigenvalues of A, from the random `columns` of a search space that started from `but`
 * vectors X, its first columns. Not to be used after a restart.
 *
 * Â, A on the complement of X, does not depend on the random vectors, which are uniform there, and what they generate with Â lies
 * in the search space. So `unseenFraction` applies to the largest Ritz value θ of Â from below and to the smallest θ_n from above, each
 * with half of the failure: λ(Â) ≤ θ + ε (θ − θ_n)/(1 − 2ε). And λ_{but+1}(A) ≤ λ₁(Â) (Courant & Fischer), however good X is.
 */
export function unseenEigenvalue(
  space: KrylovSpace,
  but: number,
  columns: readonly number[],
  failure = 1e-3,
): UnseenEigenvalue {
  const { dimension, capacity, size, projected } = space;
  const vectors = columns.length;
  if (size === dimension) return { ceiling: -Infinity, failure: 0, but, vectors, steps: size };
  const steps = vectors === 0 ? 0 : Math.min(...columns.map((column) => krylovReach(space, but, column).steps));
  const epsilon = unseenFraction(dimension - but, steps, vectors, failure / 2);
  if (epsilon >= 0.5) return { ceiling: Infinity, failure, but, vectors, steps };
  const rest = size - but;
  const { values } = smallSymmetricEigen(
    Float64Array.from({ length: rest * rest }, (_, at) => {
      return projected[(but + Math.floor(at / rest)) * capacity + but + (at % rest)]!;
    }),
    rest,
  );
  const spread = values[0]! - values[rest - 1]!;
  return { ceiling: values[0]! + (epsilon * spread) / (1 - 2 * epsilon), failure, but, vectors, steps };
}

/** How far the Krylov spaces of a vector lie in a search space. */
export interface KrylovReach {
  /** The dimension of the largest that does. */
  readonly steps: number;
  /** What the next one lacks, in the coordinates of R; zero where it lacks nothing. */
  readonly direction: Float64Array;
}

/**
 * The Krylov space of V's vector at `column` under A on the complement of the first `but` vectors of V, as far as it lies in V:
 * Lanczos in the coordinates of V, until C u is no longer rounding or the space is exhausted. Cost: O(size² · steps).
 */
export function krylovReach(space: KrylovSpace, but: number, column: number): KrylovReach {
  const { dimension, capacity, size, open, projected, norm } = space;
  const rounding = 10 * Math.sqrt(dimension) * Number.EPSILON * norm;
  const basis: Float64Array[] = [];
  let next = new Float64Array(size);
  next[column] = 1;
  while (basis.length < size - but) {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = product(u, next);
        for (let i = but; i < size; i++) next[i]! -= inner * u[i]!;
      }
    }
    const length = Math.sqrt(product(next, next));
    if (!(length > (basis.length === 0 ? 0 : rounding))) break;
    const u = next.map((x) => x / length);
    basis.push(u);
    const moved = new Float64Array(size + open);
    for (let i = but; i < size + open; i++) {
      let sum = 0;
      for (let j = but; j < size; j++) sum += projected[i * capacity + j]! * u[j]!;
      moved[i] = sum;
    }
    const direction = moved.slice(size);
    if (Math.sqrt(product(direction, direction)) > rounding) return { steps: basis.length, direction };
    next = moved.slice(0, size);
  }
  return { steps: Infinity, direction: new Float64Array(open) };
}

function product(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
