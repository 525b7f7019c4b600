import type { EnergyBounds } from './energy-bounds.js';
import type { SmallEigen } from './small-symmetric-eigen.js';

/** Are both bounds within `accuracy` of the estimate? */
export function isWithin({ estimate, lower, upper }: EnergyBounds, accuracy: number): boolean {
  return upper - estimate <= accuracy && estimate - lower <= accuracy;
}

/**
 * Is a group of numerically equal Ritz values that ends above the cut as large as the number of start vectors, so that there may
 * be more copies? Two are numerically equal if their error bars touch, of min(r, r²/δ) each plus `rounding`, δ the distance to
 * the Ritz value below the two (Parlett 1998, §11.7).
 */
export function mayMissCopies(
  values: ArrayLike<number>,
  residuals: readonly number[],
  count: number,
  vectors: number,
  rounding: number,
): boolean {
  const areEqual = (i: number): boolean => {
    const sum = residuals[i]! + residuals[i + 1]!;
    const delta = i + 2 < residuals.length ? values[i + 1]! - values[i + 2]! : 0;
    const error = delta > 0 ? Math.min(sum, (residuals[i]! ** 2 + residuals[i + 1]! ** 2) / delta) : sum;
    return values[i]! - values[i + 1]! <= error + rounding;
  };
  let first = 0;
  for (let i = 1; i <= Math.min(count, residuals.length - 1); i++) {
    if (areEqual(i - 1)) continue;
    if (i < count && i - first >= vectors) return true;
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
