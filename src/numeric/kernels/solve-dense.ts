import { NumericalError } from '../../errors.js';

/**
 * x of A x = y for a small dense A, n×n row by row, by Gaussian elimination with partial pivoting. Throws NumericalError if A is singular or holds a number
 * that is not finite. Cost: n³/3 multiplications.
 */
export function solveDense(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const [A, x] = [matrix.slice(), right.slice()];
  const swap = (i: number, j: number): void => {
    for (let c = 0; c < n; c++) [A[i * n + c], A[j * n + c]] = [A[j * n + c]!, A[i * n + c]!];
    [x[i], x[j]] = [x[j]!, x[i]!];
  };
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(A[i * n + j]!) > Math.abs(A[pivot * n + j]!)) pivot = i;
    if (!(Math.abs(A[pivot * n + j]!) > 0 && Math.abs(A[pivot * n + j]!) < Infinity)) {
      throw new NumericalError(`a system of ${n} equations has no single solution`);
    }
    if (pivot !== j) swap(pivot, j);
    for (let i = j + 1; i < n; i++) {
      const factor = A[i * n + j]! / A[j * n + j]!;
      if (factor === 0) continue;
      for (let c = j; c < n; c++) A[i * n + c]! -= factor * A[j * n + c]!;
      x[i]! -= factor * x[j]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) x[i]! -= A[i * n + c]! * x[c]!;
    x[i]! /= A[i * n + i]!;
  }
  return x;
}
