import { UsageError } from '../../errors.js';
import { addScaled, dot } from '../kernels/orthonormalise.js';
import { unitScaled } from '../kernels/unit-scale.js';
import { blockLanczos } from './block-lanczos.js';

/**
 * The `count` leading right singular vectors v_i of a matrix M [rows, columns], row-major: M v_i = σ_i u_i, σ descending; orthonormal, one after the other. From the top
 * eigenvectors of MᵀM by block Lanczos, to residuals of 1e-8 σ₁². Where σ_i = σ_j any basis of their space. Throws UsageError where M is not filled or has fewer columns
 * than that, NumericalError where it is not finite. Cost: some 2 · rows · columns operations a product, about 10 count products.
 */
export function rightSingularVectors(
  { rows, columns, data }: { readonly rows: number; readonly columns: number; readonly data: Float64Array },
  count: number,
): Float64Array {
  if (data.length !== rows * columns)
    throw new UsageError(`a ${rows} × ${columns} matrix has ${rows * columns} entries, received ${data.length}`);
  if (!Number.isInteger(count) || count < 1 || count > columns)
    throw new UsageError(`a matrix of ${columns} columns has 1 to ${columns} of them, received ${count}`);
  const scaled = unitScaled(data); // squares neither over- nor underflow
  const gram = {
    dimension: columns,
    apply(block: Float64Array, vectors: number): Float64Array {
      const products = new Float64Array(block.length);
      for (let j = 0; j < vectors; j++) {
        for (let i = 0; i < rows; i++) {
          const along = dot(scaled, i * columns, block, j * columns, columns);
          addScaled(along, scaled, i * columns, products, j * columns, columns);
        }
      }
      return products;
    },
  };
  return blockLanczos(gram, { count, tolerance: 1e-8, verify: false, effort: 0 }).vectors;
}
