import { NumericalError, UsageError } from '../errors.js';
import { choleskyFactor, whitened } from '../numeric/kernels/cholesky.js';
import { gramMatrix } from '../numeric/kernels/inner-products.js';
import type { DenseMatrix } from './matrix-dimension.js';

/** Rows and columns, at most: a factor has their square of entries, which an array must hold. */
const largest = 30_000;

/** Two symmetric factors of the second moment of matrices G, rows × columns: E vec G vec Gᵀ ≈ left ⊗ right. */
export interface KroneckerFactors {
  /** rows × rows, row by row. */
  readonly left: Float64Array;
  /** columns × columns, row by row. */
  readonly right: Float64Array;
}

/**
 * G Gᵀ and GᵀG, of which Shampoo's factors are the sums over steps (Gupta, Koren & Singer, arXiv:1802.09568). Throws UsageError if the data does not fill the matrix, NumericalError for numbers that are not finite, or have squares that are not. Cost: rows · columns · (rows + columns)
 * multiplications.
 */
export function shampooTerm(gradient: DenseMatrix): KroneckerFactors {
  const { rows, columns, data } = checked(gradient);
  return finite({ left: gramMatrix(data, rows, columns), right: gramMatrix(transposed(gradient), columns, rows) });
}

/** Both factors `scale` times the identity, where KL-Shampoo begins: what is left of it after n steps is (1 − β)ⁿ scale. Throws UsageError unless it is positive, and for sizes that are none. */
export function kroneckerStart(rows: number, columns: number, scale: number): KroneckerFactors {
  if (!(scale > 0 && scale < Infinity)) throw new UsageError(`the scale must be positive, received ${scale}`);
  checkSizes(rows, columns);
  const identity = (n: number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? scale : 0));
  return { left: identity(rows), right: identity(columns) };
}

/**
 * One step of KL-Shampoo's factors (Lin et al., arXiv:2509.03378), each with the inverse of the other before the step:
 *   left ← (1 − β) left + β G right⁻¹ Gᵀ/columns,   right ← (1 − β) right + β Gᵀ left⁻¹ G/rows.
 * Their fixed point is the Kronecker product nearest to the second moment of G by the KL divergence of Gaussians.
 *
 * Throws UsageError unless 0 < β < 1 and the sizes fit, NumericalError where a factor is not positive definite, or numbers are not finite. Cost: (rows³ + columns³)/6 + rows · columns · (rows + columns) multiplications.
 */
export function klShampooStep(
  { left, right }: KroneckerFactors,
  gradient: DenseMatrix,
  beta: number,
): KroneckerFactors {
  const { rows, columns, data } = checked(gradient);
  if (!(beta > 0 && beta < 1)) throw new UsageError(`β must lie between 0 and 1, received ${beta}`);
  if (left.length !== rows ** 2 || right.length !== columns ** 2) {
    throw new UsageError(
      `factors of a ${rows} × ${columns} gradient have ${rows ** 2} and ${columns ** 2} entries, received ${left.length} and ${right.length}`,
    );
  }
  const ofRows = gramMatrix(whitened(choleskyFactor(right, columns), columns, data), rows, columns);
  const ofColumns = gramMatrix(whitened(choleskyFactor(left, rows), rows, transposed(gradient)), columns, rows);
  const mixed = (factor: Float64Array, term: Float64Array, over: number): Float64Array =>
    factor.map((x, i) => (1 - beta) * x + (beta * term[i]!) / over);
  return finite({ left: mixed(left, ofRows, columns), right: mixed(right, ofColumns, rows) });
}

function checked(matrix: DenseMatrix): DenseMatrix {
  const { rows, columns, data } = matrix;
  checkSizes(rows, columns);
  if (data.length !== rows * columns)
    throw new UsageError(`a gradient of ${rows} × ${columns} has ${rows * columns} entries, received ${data.length}`);
  return matrix;
}

function checkSizes(rows: number, columns: number): void {
  if ([rows, columns].every((size) => Number.isInteger(size) && size >= 1 && size <= largest)) return;
  throw new UsageError(`a gradient has from 1 to ${largest} rows and columns, received ${rows} × ${columns}`);
}

function finite(factors: KroneckerFactors): KroneckerFactors {
  if (factors.left.every(Number.isFinite) && factors.right.every(Number.isFinite)) return factors;
  throw new NumericalError('the gradient, or what its squares add up to, is not finite');
}

function transposed({ rows, columns, data }: DenseMatrix): Float64Array {
  return Float64Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}
