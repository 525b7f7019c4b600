import { innerProducts } from '../kernels/inner-products.js';

/** ‖x_j‖ of column j of a block. */
export function columnNorm(block: Float64Array, j: number, n: number): number {
  const column = block.subarray(j * n, (j + 1) * n);
  return Math.sqrt(innerProducts(column, 1, column, 1, n)[0]!);
}

/** Those of the first `count` columns. */
export function columnNorms(block: Float64Array, count: number, n: number): number[] {
  return Array.from({ length: count }, (_, j) => columnNorm(block, j, n));
}

/** Multiplies a vector by a number, in place. */
export function scaleInPlace(x: Float64Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
}
