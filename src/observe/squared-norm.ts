import { compensatedSum } from '../numeric/compensated-sum.js';

/** ‖x‖², to rounding at any length. */
export function squaredNorm(x: Float64Array): number {
  return compensatedSum(x.length, (i) => x[i]! ** 2);
}
