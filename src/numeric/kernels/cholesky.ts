import { NumericalError } from '../../errors.js';
import { dot } from './orthonormalise.js';

/**
 * The lower triangular L of A = L Lᵀ, row by row, from the lower part of A, n×n row by row. Throws NumericalError unless A is positive definite, to rounding.
 * Cost: n³/6 multiplications.
 */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = matrix[i * n + j]! - dot(L, i * n, L, j * n, j);
      if (j < i) {
        L[i * n + j] = rest / L[j * n + j]!;
        continue;
      }
      if (!(rest > 0 && rest < Infinity)) {
        throw new NumericalError(
          `the ${n} × ${n} matrix is not positive definite: what is left of its diagonal at ${i} is ${rest}; add a multiple of the identity`,
        );
      }
      L[i * n + i] = Math.sqrt(rest);
    }
  }
  return L;
}

/** L⁻¹ x for vectors x of length n, one after the other: yᵢ·yⱼ = xᵢᵀA⁻¹xⱼ. Cost: n²/2 multiplications a vector. */
export function whitened(L: Float64Array, n: number, vectors: Float64Array): Float64Array {
  const y = vectors.slice();
  for (let start = 0; start < y.length; start += n) {
    for (let i = 0; i < n; i++) y[start + i] = (y[start + i]! - dot(L, i * n, y, start, i)) / L[i * n + i]!;
  }
  return y;
}
