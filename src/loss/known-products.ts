import { UsageError } from '../errors.js';
import type { SymmetricOperator } from '../numeric/kernels/symmetric-operator.js';

/**
 * A Hessian of which one product is known, y = H x: what a snapshot of a network carries, so that observables need not wait. Its
 * products with multiples of x are exact; throws UsageError for other vectors.
 */
export function knownProduct(x: Float64Array, y: Float64Array): SymmetricOperator {
  const dimension = x.length;
  let largest = 0;
  for (let i = 0; i < dimension; i++) if (Math.abs(x[i]!) > Math.abs(x[largest]!)) largest = i;
  return {
    dimension,
    apply(block, columns) {
      const result = new Float64Array(columns * dimension);
      for (let j = 0; j < columns; j++) {
        const factor = block[j * dimension + largest]! / x[largest]!;
        for (let i = 0; i < dimension; i++) {
          const given = block[j * dimension + i]!;
          if (!(Math.abs(given - factor * x[i]!) <= 1e-12 * Math.abs(factor * x[largest]!))) {
            throw new UsageError(
              'of this Hessian only the product with the gradient is known; for others use the curvature of the objective',
            );
          }
          result[j * dimension + i] = factor * y[i]!;
        }
      }
      return result;
    },
  };
}
