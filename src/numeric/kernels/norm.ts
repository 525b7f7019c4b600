import { compensatedSum } from './compensated-sum.js';
import { unitFactor } from './unit-scale.js';

/** ‖x‖, to rounding at any length and scale: x is scaled before it is squared, so that neither 1e-200 nor 1e200 leaves the range. NaN where an entry is not finite. */
export function norm(x: Float64Array): number {
  const factor = unitFactor(x);
  return Math.sqrt(compensatedSum(x.length, (i) => (factor * x[i]!) ** 2)) / factor;
}
