import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import { dot } from '../../numeric/kernels/orthonormalise.js';
import { gradientHessianOverlap, measuredSpectrum, topFraction } from '../../observe/index.js';
import type { Values } from './observables.js';
import type { TrainedPoint } from './softmax-network.js';

/**
 * The observables of a trained network, on means μ_a that are the first k basis vectors. `eigenvectors`: also those that need the
 * top of the spectrum; their f_top is the middle of its interval. Throws NumericalError if the gradient vanishes. Cost: O((kd)³) with
 * eigenvectors, else O((kd)²).
 */
export function measuredValues(
  { weights, loss, gradient, hessian }: TrainedPoint,
  { classes: k, dim, eigenvectors }: { readonly classes: number; readonly dim: number; readonly eigenvectors: boolean },
): Values {
  const size = k * dim;
  const B = Float64Array.from({ length: size }, (_, i) => {
    const [c, f] = [Math.floor(i / dim), i % dim];
    return f < k ? (f === c ? 1 : 0) - 1 / k : 0;
  });
  const alongB = (x: Float64Array): number => dot(x, 0, B, 0, size) / (k - 1);
  const traces = { mean: 0, other: 0 };
  const unit = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    unit[i] = 1;
    traces[i % dim < k ? 'mean' : 'other'] += hessian.apply(unit, 1)[i]!;
    unit[i] = 0;
  }
  return {
    margin: alongB(weights),
    'W[1,1]': weights[0]!,
    'W[2,1]': weights[dim]!,
    '‖W‖²': dot(weights, 0, weights, 0, size),
    loss,
    rate: -alongB(gradient),
    'level of B': alongB(hessian.apply(B, 1)),
    'mean-space level': traces.mean / (k * (k - 1)),
    ...(dim > k ? { 'bulk level': traces.other / ((k - 1) * (dim - k)) } : {}),
    'overlap(g,Hg)': gradientHessianOverlap({ gradient, hessian }),
    ...(eigenvectors ? ofTheTop({ weights, loss, gradient, hessian }, k) : {}),
  };
}

function ofTheTop({ loss, gradient, hessian }: TrainedPoint, k: number): Values {
  const pairs = denseEigen(hessian);
  const { lower, upper } = topFraction(
    {
      time: 0,
      loss,
      parameters: gradient.length,
      gradient,
      hessian,
      spectrum: measuredSpectrum(pairs),
      origin: 'trained',
    },
    k,
  );
  return { 'top level': pairs.values.subarray(0, k).reduce((sum, x) => sum + x, 0) / k, f_top: (lower + upper) / 2 };
}
