import { NumericalError } from '../errors.js';
import { compensatedSum } from '../numeric/kernels/compensated-sum.js';
import type { Snapshot } from './snapshot.js';
import { squaredNorm } from './squared-norm.js';

/**
 * overlap(g, Hg) = gᵀHg / (‖g‖ ‖Hg‖) (GRD18, Eq. (5)).
 *
 * It is 1 exactly when g is an eigenvector, of *any* eigenvalue: a proxy for f_top, never a replacement. Both vectors are
 * scaled before they are multiplied, so that gradients of 1e-200 do not underflow. Throws NumericalError if g or Hg is zero.
 * Cost: one Hessian–vector product.
 */
export function gradientHessianOverlap({ gradient, hessian }: Pick<Snapshot, 'gradient' | 'hessian'>): number {
  const g = unit(gradient, 'the gradient');
  const hg = unit(hessian.apply(g, 1), 'H times the gradient');
  const cosine = compensatedSum(g.length, (i) => g[i]! * hg[i]!);
  return Math.min(1, Math.max(-1, cosine)); // a cosine, up to rounding
}

function unit(x: Float64Array, name: string): Float64Array {
  let largest = 0;
  for (const entry of x) largest = Math.max(largest, Math.abs(entry));
  if (!(largest > 0)) throw new NumericalError(`overlap(g, Hg) is undefined: ${name} is zero (or not a number)`);
  const scaled = x.slice();
  for (let i = 0; i < scaled.length; i++) scaled[i]! /= largest;
  const norm = Math.sqrt(squaredNorm(scaled));
  for (let i = 0; i < scaled.length; i++) scaled[i]! /= norm;
  return scaled;
}
