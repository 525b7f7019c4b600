import { NumericalError, UsageError } from '../errors.js';
import { gramMatrix } from '../numeric/kernels/inner-products.js';
import { atOnce } from '../numeric/kernels/pausing.js';
import { symmetricValuesProgram } from '../numeric/kernels/small-symmetric-eigen.js';
import type { DenseMatrix } from './matrix-dimension.js';
import { effectiveRank } from './spectral-dimension.js';

/**
 * Eigenvalues of the covariance Σ_i (x_i − x̄)(x_i − x̄)ᵀ/(n − 1) of the n rows of a matrix, descending: min(n − 1, columns) of them, those below the resolution λ₁ max(n, columns) eps
 * 0. By the smaller of covariance and Gram matrix of the centred rows.
 *
 * Throws UsageError for fewer than two rows, or data that do not fill the matrix, NumericalError for numbers that are not finite. Cost: O(n · columns · the smaller).
 */
export function covarianceSpectrum({ rows, columns, data }: DenseMatrix): Float64Array {
  if (!(Number.isInteger(rows) && rows >= 2))
    throw new UsageError(`a covariance needs at least 2 rows, a whole number, received ${rows}`);
  if (data.length !== rows * columns)
    throw new UsageError(`a ${rows} × ${columns} matrix has ${rows * columns} entries, received ${data.length}`);
  const means = new Float64Array(columns);
  data.forEach((x, i) => (means[i % columns]! += x / rows));
  const isWide = columns > rows;
  const vectors = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++)
      vectors[isWide ? i * columns + j : j * rows + i] = data[i * columns + j]! - means[j]!;
  }
  const gram = isWide ? gramMatrix(vectors, rows, columns) : gramMatrix(vectors, columns, rows);
  return gramSpectrum(gram, Math.min(rows, columns))
    .subarray(0, Math.min(rows - 1, columns))
    .map((value) => value / (rows - 1));
}

/**
 * Eigenvalues of an n × n Gram matrix, descending, those below the resolution λ₁ n eps 0: the squared singular values of any matrix that it is of, such as that of the gradients of single samples.
 *
 * Throws UsageError where it is not n × n, NumericalError for numbers that are not finite, or eigenvalues. Cost: (4/3) n³, 0.2 s for n = 512.
 */
export function gramSpectrum(gram: Float64Array, n: number): Float64Array {
  if (!(n >= 0) || gram.length !== n * n)
    throw new UsageError(`an ${n} × ${n} matrix has ${n * n} entries, received ${gram.length}`);
  if (!gram.every(Number.isFinite)) throw new NumericalError('a Gram matrix has entries that are not finite');
  const values = atOnce(symmetricValuesProgram(gram, n));
  if (!values.every(Number.isFinite))
    throw new NumericalError('the eigenvalues of a Gram matrix are not finite: take smaller units');
  const resolved = (values[0] ?? 0) * n * Number.EPSILON;
  return values.map((value) => (value > resolved ? value : 0));
}

/**
 * RankMe (Garrido et al., arXiv:2210.02885): exp(−Σ w log w), w = σ/Σσ, of singular values: between 1 and their number, which it is where all are equal. Throws NumericalError where none is
 * positive, UsageError for values that are negative or not finite.
 */
export function rankMe(singularValues: ArrayLike<number>): number {
  checkValues(singularValues);
  return effectiveRank({ levels: Array.from(singularValues, (value) => ({ value, multiplicity: 1, error: 0 })) });
}

/**
 * Σ_{i ≤ m} s_i/Σ s: the share of the m largest of descending values ≥ 0; 1 where there are no more. Throws NumericalError where their sum is not positive and finite, UsageError for values that are negative
 * or not finite, and unless m is a positive integer.
 */
export function leadingShare(values: ArrayLike<number>, m: number): number {
  checkValues(values);
  if (!(Number.isInteger(m) && m >= 1)) throw new UsageError(`m must be a positive integer, received ${m}`);
  const sum = (from: number, to: number): number =>
    Array.from(values)
      .slice(from, to)
      .reduce((all, value) => all + value, 0);
  const whole = sum(0, values.length);
  if (!(whole > 0 && whole < Infinity)) throw new NumericalError(`the values add up to ${whole}: no share to speak of`);
  return sum(0, m) / whole;
}

function checkValues(values: ArrayLike<number>): void {
  const wrong = Array.from(values).find((value) => !(value >= 0 && value < Infinity));
  if (wrong !== undefined) throw new UsageError(`values must be finite and ≥ 0, received ${wrong}`);
}
