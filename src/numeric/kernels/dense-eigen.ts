import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { NumericalError } from '../../errors.js';
import type { EigenPairs } from '../lanczos/eigen-pairs.js';
import type { SmallEigen } from './small-symmetric-eigen.js';
import type { SymmetricOperator } from './symmetric-operator.js';
import { eigenvalueErrors, residualNorms } from '../lanczos/true-residuals.js';
import { unitFactor } from './unit-scale.js';

/**
 * All eigenpairs by assembling A from its products with the unit vectors and the dense eigensolver of ml-matrix: the reference for small
 * operators, which shares nothing with the eigensolvers here. Throws NumericalError if the products are not symmetric to rounding, or not finite.
 * Cost: n products and O(n³); n = 200 takes about 0.1 s, n = 1000 several.
 */
export function denseEigen(operator: SymmetricOperator): EigenPairs {
  const n = operator.dimension;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  const products = operator.apply(identity, n);
  const factor = unitFactor(products);
  const matrix = products.map((x) => factor * x); // eigenvalues of 1e-200 have squares too
  const norm = Math.sqrt(matrix.reduce((sum, x) => sum + x * x, 0));
  if (!Number.isFinite(norm)) throw new NumericalError('the operator returned values that are not finite');
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const difference = Math.abs(matrix[i * n + j]! - matrix[j * n + i]!);
      if (difference > 16 * n * Number.EPSILON * norm) {
        throw new NumericalError(
          `the operator is not symmetric: entries (${i}, ${j}) and (${j}, ${i}) differ by ${difference / factor}`,
        );
      }
    }
  }
  const { values, vectors } = descending(matrix, n);
  const moved = operator.apply(vectors, n).map((x) => factor * x);
  const residuals = residualNorms(moved, values, vectors);
  const errors = eigenvalueErrors(residuals, n, norm);
  const restored = (x: Float64Array): Float64Array => x.map((entry) => entry / factor);
  return {
    dimension: n,
    values: restored(values),
    vectors,
    residuals: restored(residuals),
    errors: restored(errors),
    products: 2 * n,
  };
}

/** Of the symmetric part of a row-major matrix. */
function descending(matrix: Float64Array, n: number): SmallEigen {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (matrix[i * n + j]! + matrix[j * n + i]!) / 2),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return {
    values: Float64Array.from(order, (i) => realEigenvalues[i]!),
    vectors: Float64Array.from(order.flatMap((column) => eigenvectorMatrix.getColumn(column))),
  };
}
