import { atOnce, type Pausing } from './pausing.js';
import { diagonalise, tridiagonal, tridiagonalAlone } from './tridiagonal-eigen.js';

/** Eigenpairs of a small dense symmetric matrix, descending. */
export interface SmallEigen {
  readonly values: Float64Array;
  /** vectors[j * size + i] = entry i of vector j. */
  readonly vectors: Float64Array;
}

/** Householder tridiagonalisation and QL on the symmetric part of a row-major matrix. Cost: O(size³). */
export function smallSymmetricEigen(matrix: Float64Array, size: number): SmallEigen {
  return atOnce(symmetricEigenProgram(matrix, size));
}

/** `smallSymmetricEigen` with pauses. */
export function* symmetricEigenProgram(matrix: Float64Array, size: number): Pausing<SmallEigen> {
  const solved = yield* tridiagonal(symmetricPart(matrix, size), size);
  yield* diagonalise(solved);
  const { diagonal, columns } = solved;
  const order = Array.from(diagonal, (_, i) => i).sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((source, j) => {
    vectors.set(columns.subarray(source * size, (source + 1) * size), j * size);
  });
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors };
}

/** The eigenvalues alone, descending. Cost: (4/3) size³. */
export function* symmetricValuesProgram(matrix: Float64Array, size: number): Pausing<Float64Array> {
  const solved = yield* tridiagonalAlone(symmetricPart(matrix, size), size);
  yield* diagonalise(solved);
  return solved.diagonal.reverse();
}

function symmetricPart(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((x, i) => (x + matrix[(i % size) * size + Math.floor(i / size)]!) / 2);
}
