import { smallSymmetricEigen } from './small-symmetric-eigen.js';

/** Norms of the first `count` columns, stored one after the other. */
export function columnNorms(columns: Float64Array, count: number): number[] {
  const size = columns.length / count;
  return Array.from({ length: count }, (_, j) => Math.hypot(...columns.subarray(j * size, (j + 1) * size)));
}

/**
 * The directions in which the residuals `chosen` of a block are largest together: the first `count` eigenvectors of Σ c_j c_jᵀ,
 * c_j = C y_j their coordinates in R (column j of `coupling`), one after the other. They are the best subspace of that
 * dimension to spend products on, in the sense that the least is left of Σ ‖c_j‖². Cost: O(open³).
 */
export function principalDirections(
  coupling: Float64Array,
  open: number,
  chosen: readonly number[],
  count: number,
): Float64Array {
  const sum = new Float64Array(open * open);
  for (const j of chosen) {
    for (let a = 0; a < open; a++) {
      for (let b = 0; b < open; b++) sum[a * open + b]! += coupling[j * open + a]! * coupling[j * open + b]!;
    }
  }
  return smallSymmetricEigen(sum, open).vectors.slice(0, open * count);
}

/** The last `count` of `open` unit vectors, one after the other. */
export function lastDirections(open: number, count: number): Float64Array {
  const directions = new Float64Array(open * count);
  for (let j = 0; j < count; j++) directions[j * open + open - count + j] = 1;
  return directions;
}
