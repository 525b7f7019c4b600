import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenpairs of a small dense symmetric matrix, descending. */
export interface SmallEigen {
  readonly values: Float64Array;
  /** vectors[j * size + i] = entry i of vector j. */
  readonly vectors: Float64Array;
}

/** Householder tridiagonalisation and QL of ml-matrix on the symmetric part of a row-major matrix. Cost: O(size³). */
export function smallSymmetricEigen(matrix: Float64Array, size: number): SmallEigen {
  const rows = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (matrix[i * size + j]! + matrix[j * size + i]!) / 2),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((source, j) => {
    for (let i = 0; i < size; i++) vectors[j * size + i] = eigenvectorMatrix.get(i, source);
  });
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]!), vectors };
}
