import { compensatedSum } from '../numeric/kernels/compensated-sum.js';

/** ‖x‖², to rounding; zero for lengths below 1e-162, of which `norm` is not. */
export function squaredNorm(x: Float64Array): number {
  return compensatedSum(x.length, (i) => x[i]! ** 2);
}
