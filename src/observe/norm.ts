import { unitFactor } from '../numeric/unit-scale.js';
import { compensatedSum } from '../numeric/compensated-sum.js';

/** ‖x‖, to rounding at any length: x is scaled before it is squared, so that neither 1e-200 nor 1e200 leaves the range. */
export function norm(x: Float64Array): number {
  const factor = unitFactor(x);
  return Math.sqrt(compensatedSum(x.length, (i) => (factor * x[i]!) ** 2)) / factor;
}
