import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';

/**
 * One eigenvalue of the standard sector over Ω, and the unit vector `mixture` of its copies: the feature along the mean of the
 * means, the differences of the means, and, with biases, the constant feature.
 */
export interface StandardLevel {
  readonly ratio: number;
  readonly mixture: readonly number[];
}

/** A symmetric matrix over the copies of the standard irrep, row by row: the feature along m̄, the differences of the means, the constant feature. */
export interface StandardBlock {
  readonly size: number;
  readonly entries: Float64Array;
}

/** What a block is made of: b = ‖m̄‖, σ, s = √(1−ρ), and C and D of orthonormal means at margin αs² and noise σ/s. */
export interface BlockNumbers {
  readonly meanNorm: number;
  readonly noise: number;
  readonly spread: number;
  readonly C: number;
  readonly D: number;
}

/**
 * The block of the standard irrep, in units of Ω, for means of Gram matrix (1−ρ) 1 + ρ 11ᵀ: s² = 1 − ρ, b² = ‖m̄‖².
 *   [ b² + σ²   b s C ]
 *   [ b s C     s² D  ],   with biases also the constant feature: a third row (b, s C, 1).
 * The feature along m̄ is b + σζ with ζ independent of the logits, hence its exact entries. For k = 2 the second copy does not exist.
 */
export function blockOfCopies(
  { meanNorm: b, noise, spread: s, C, D }: BlockNumbers,
  options: { readonly bias: boolean; readonly hasDifferences: boolean },
): StandardBlock {
  const full = [
    [b ** 2 + noise ** 2, b * s * C, b],
    [b * s * C, s ** 2 * D, s * C],
    [b, s * C, 1],
  ];
  const copies = [0, ...(options.hasDifferences ? [1] : []), ...(options.bias ? [2] : [])];
  return { size: copies.length, entries: Float64Array.from(copies.flatMap((i) => copies.map((j) => full[i]![j]!))) };
}

/** The eigenvalues of a block over Ω, descending. */
export function standardLevels({ size, entries }: StandardBlock): StandardLevel[] {
  const { values, vectors } = smallSymmetricEigen(entries, size);
  return Array.from(values, (ratio, i) => ({ ratio, mixture: [...vectors.subarray(i * size, (i + 1) * size)] }));
}

/** vᵀMv of a symmetric matrix, its upper left part if it is larger than v. */
export function alongEigenvector({ size, entries }: StandardBlock, v: readonly number[]): number {
  return v.reduce((sum, x, i) => sum + v.reduce((row, y, j) => row + x * y * entries[i * size + j]!, 0), 0);
}
