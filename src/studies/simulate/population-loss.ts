import { UsageError } from '../../errors.js';
import { mixtureFromGram, populationPoint, tensorHermite, type PopulationPoint } from '../../exact/population/index.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { SimulatedModel } from './fresh-gradient.js';

/** Nodes of each of k − 1 dimensions: 2e-6 of the gradient's entries at σ = 0.4 near α*, below 1 % of the noise for b/η up to 10⁴. */
const nodes = [0, 0, 40, 24, 16, 10] as const;

/**
 * Loss, gradient and Hessian of the population at any W, by quadrature, which shares no formula with the symmetric line. Throws UsageError for more
 * than five classes. Cost: 24² k points for k = 3, half a millisecond.
 */
export function populationLoss({ classes: k, dim, noise }: SimulatedModel): (weights: Float64Array) => PopulationPoint {
  const perDimension = nodes[k];
  if (perDimension === undefined || perDimension === 0) {
    throw new UsageError(`the population at any W is summed by tensor quadrature for 2 to 5 classes, received ${k}`);
  }
  const gram = Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0));
  const mixture = mixtureFromGram({ gram, dim, noises: new Array<number>(k).fill(noise) });
  const quadrature = tensorHermite(perDimension);
  return (weights) => populationPoint(mixture, weights, quadrature);
}

/** All columns of a Hessian, as an operator that no longer knows where they came from. */
export function denseHessian(hessian: SymmetricOperator): SymmetricOperator {
  const n = hessian.dimension;
  const identity = new Float64Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  const columns = hessian.apply(identity, n);
  return {
    dimension: n,
    apply(block, count) {
      const result = new Float64Array(count * n);
      for (let j = 0; j < count; j++) {
        for (let l = 0; l < n; l++) {
          const x = block[j * n + l]!;
          if (x === 0) continue;
          for (let i = 0; i < n; i++) result[j * n + i]! += x * columns[l * n + i]!;
        }
      }
      return result;
    },
  };
}
