import { NumericalError, UsageError } from '../errors.js';
import { gramProgram } from '../numeric/kernels/inner-products.js';
import { atOnce, type Pausing } from '../numeric/kernels/pausing.js';
import { symmetricEigenProgram } from '../numeric/kernels/small-symmetric-eigen.js';
import { participationRatio } from './spectral-dimension.js';

/** A dense matrix, row-major. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** How many dimensions a matrix has, softly: 1 ≤ stable rank, participation ratio ≤ rank. */
export interface MatrixDimension {
  /** ‖A‖_F²/‖A‖₂² = Σσ²/σ₁² (Rudelson & Vershynin 2007). */
  readonly stableRank: number;
  /** (Σσ²)²/Σσ⁴. */
  readonly participationRatio: number;
}

/**
 * Stable rank and participation ratio of a matrix, for instance the gradient of one layer, from the eigenvalues σ² of its
 * smaller Gram matrix. The participation ratio is at least the stable rank, since Σσ⁴ ≤ σ₁² Σσ².
 *
 * Throws UsageError if the data does not fill the matrix, NumericalError if it is zero. Cost: O(rows · columns · the smaller).
 */
export function matrixDimension(matrix: DenseMatrix): MatrixDimension {
  return atOnce(matrixDimensionProgram(matrix));
}

/** `matrixDimension` with pauses. */
export function* matrixDimensionProgram({ rows, columns, data }: DenseMatrix): Pausing<MatrixDimension> {
  if (data.length !== rows * columns) {
    throw new UsageError(`a ${rows} × ${columns} matrix has ${rows * columns} entries, received ${data.length}`);
  }
  const largest = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (!(largest > 0)) throw new NumericalError('a matrix that is zero (or not a number) has no dimension to speak of');
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      vectors[rows <= columns ? i * columns + j : j * rows + i] = data[i * columns + j]! / largest; // σ² neither over- nor underflows
    }
  }
  const { values } = yield* symmetricEigenProgram(yield* gramProgram(vectors, count, length), count);
  const levels = Array.from(values, (value) => ({ value: Math.max(0, value), multiplicity: 1, error: 0 }));
  const sum = levels.reduce((total, { value }) => total + value, 0);
  return { stableRank: sum / levels[0]!.value, participationRatio: participationRatio({ levels }) };
}
