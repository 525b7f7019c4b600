/** Entries of a column that are worked on together: 8 columns of 2048 doubles fit a second-level cache. */
export const chunk = 2048;

/**
 * Works on parts of a few vectors of length n at a time, in registers: `length` entries of vectors of X from `x0` and of Y from `y0` on, and the
 * coefficients between them from `at` on, in rows of `stride`.
 */
export type TileKernel = (
  x: Float64Array,
  x0: number,
  y: Float64Array,
  y0: number,
  n: number,
  length: number,
  coefficients: Float64Array,
  at: number,
  stride: number,
) => void;
