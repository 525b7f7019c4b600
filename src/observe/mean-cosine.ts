import { NumericalError, UsageError } from '../errors.js';
import { dot } from '../numeric/kernels/orthonormalise.js';
import { unitScaled } from '../numeric/kernels/unit-scale.js';
import { squaredNorm } from './squared-norm.js';

/**
 * (2/(N(N − 1))) Σ_{c<c′} x_c·x_{c′}/(‖x_c‖ ‖x_{c′}‖), the mean cosine between N vectors: 1 for equal directions, 0 for orthogonal ones, and at least −1/(N − 1), which it is where
 * unit vectors cancel. Throws UsageError for fewer than two vectors or where their lengths differ, NumericalError if one is zero. Cost: O(N · dimension), from ‖Σ x_c/‖x_c‖‖².
 */
export function meanCosine(vectors: readonly Float64Array[]): number {
  const count = vectors.length;
  const n = vectors[0]?.length ?? 0;
  if (count < 2 || vectors.some(({ length }) => length !== n)) {
    throw new UsageError(
      `a mean cosine is between at least two vectors of one length, received ${count} of lengths ${vectors.map(({ length }) => length).join(', ')}`,
    );
  }
  const sum = new Float64Array(n);
  for (const vector of vectors) {
    const x = unitScaled(vector);
    const length = Math.sqrt(squaredNorm(x));
    if (!(length > 0)) throw new NumericalError('a vector is zero (or not a number): it has no direction');
    x.forEach((value, i) => (sum[i]! += value / length));
  }
  return (dot(sum, 0, sum, 0, n) - count) / (count * (count - 1));
}
