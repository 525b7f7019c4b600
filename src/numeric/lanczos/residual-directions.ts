import { smallSymmetricEigen } from '../kernels/small-symmetric-eigen.js';

/** Norms of the first `count` columns, stored one after the other. */
export function coordinateNorms(columns: Float64Array, count: number): number[] {
  const size = columns.length / count;
  return Array.from({ length: count }, (_, j) => Math.hypot(...columns.subarray(j * size, (j + 1) * size)));
}

/**
 * The directions that several vectors c_j of length `open` have most in common: the first `count` eigenvectors of Σ c_j c_jᵀ, one
 * after the other. Of residuals in the coordinates of R they are the best subspace to spend `count` products on, in the sense
 * that the least is left of Σ ‖c_j‖². Cost: O(open³).
 */
export function principalDirections(vectors: readonly Float64Array[], open: number, count: number): Float64Array {
  const sum = new Float64Array(open * open);
  for (const c of vectors) {
    for (let a = 0; a < open; a++) for (let b = 0; b < open; b++) sum[a * open + b]! += c[a]! * c[b]!;
  }
  return smallSymmetricEigen(sum, open).vectors.slice(0, open * count);
}
