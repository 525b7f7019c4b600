import { UsageError } from '../../errors.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';

/**
 * The noiseless Hessian H = (1/k) Σ_a S_a ⊗ μ_a μ_aᵀ on the k×k coordinates of the mean space, entry (c, a) at `c * k + a`.
 *
 * S_a leaves constants alone, so v is measured from its true-class entry v_a: S_a v = p ∘ (u − pᵀu) with u = v − v_a, in which
 * the true class, p_a ≈ 1, cancels nothing. Cost: O(k²) per vector.
 */
export function noiselessHessian(classes: number, probabilities: Float64Array): SymmetricOperator {
  const k = classes;
  return {
    dimension: k * k,
    apply(block, columns) {
      const result = new Float64Array(k * k * columns);
      for (let j = 0; j < columns; j++) {
        const x = block.subarray(j * k * k, (j + 1) * k * k);
        const y = result.subarray(j * k * k, (j + 1) * k * k);
        const trueClass = Float64Array.from({ length: k }, (_, a) => x[a * k + a]!);
        const average = new Float64Array(k); // pᵀu of every class of inputs
        for (let c = 0; c < k; c++) {
          for (let a = 0; a < k; a++) average[a]! += probabilities[c * k + a]! * (x[c * k + a]! - trueClass[a]!);
        }
        for (let c = 0; c < k; c++) {
          for (let a = 0; a < k; a++) {
            y[c * k + a] = (probabilities[c * k + a]! * (x[c * k + a]! - trueClass[a]! - average[a]!)) / k;
          }
        }
      }
      return result;
    },
  };
}

/** Throws UsageError where a dense basis would need more than 2 GiB. */
export function checkBasisSize(dimension: number, multiplicity: number): void {
  if (dimension * multiplicity > 2 ** 28) {
    throw new UsageError(
      `a dense basis of ${multiplicity} vectors of length ${dimension} would need more than 2 GiB; use energy() or fewer classes`,
    );
  }
}
