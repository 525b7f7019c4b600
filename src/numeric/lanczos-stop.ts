import type { EnergyBounds } from './energy-bounds.js';
import type { SmallEigen } from './small-symmetric-eigen.js';

/** Are both bounds within `accuracy` of the estimate? */
export function isWithin({ estimate, lower, upper }: EnergyBounds, accuracy: number): boolean {
  return upper - estimate <= accuracy && estimate - lower <= accuracy;
}

/** Is a group of Ritz values that are equal within `width`, and end above the cut, as large as the number of random vectors? */
export function mayMissCopies(values: Float64Array, count: number, width: number, randomVectors: number): boolean {
  let first = 0;
  for (let i = 1; i <= Math.min(count, values.length - 1); i++) {
    if (values[i - 1]! - values[i]! <= width) continue;
    if (i < count && i - first >= randomVectors) return true;
    first = i;
  }
  return false;
}

/** Has the first pair behind the cut converged, or is it known well enough to lie below the cut? */
export function settledBelow(
  ritz: SmallEigen,
  residuals: readonly number[],
  count: number,
  converged: number,
  norm: number,
): boolean {
  const residual = residuals[count];
  if (residual === undefined) return false;
  return residual <= converged || (residual <= 0.03 * norm && ritz.values[count]! + residual < ritz.values[count - 1]!);
}
