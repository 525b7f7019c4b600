import { UsageError } from '../errors.js';
import type { SymmetricOperator } from '../numeric/symmetric-operator.js';

/**
 * The noiseless Hessian H = (1/k) Σ_a S_a ⊗ μ_a μ_aᵀ on the k×k coordinates of the mean space, entry (c, a) at `c * k + a`.
 *
 * S_a leaves constants alone, so v is measured from its true-class entry v_a: S_a v = p ∘ (u − pᵀu) with u = v − v_a, in which
 * the true class, p_a ≈ 1, cancels nothing. `featureNoise` = 0 here. Cost: O(k²) per vector.
 */
export function noiselessHessian(classes: number, probabilities: Float64Array): SymmetricOperator {
  const k = classes;
  return {
    dimension: k * k,
    apply(block, columns) {
      const result = new Float64Array(k * k * columns);
      for (let start = 0; start < result.length; start += k * k) {
        for (let a = 0; a < k; a++) applyClass(k, a, probabilities, block, result, start);
      }
      return result;
    },
  };
}

function applyClass(
  k: number,
  a: number,
  p: Float64Array,
  block: Float64Array,
  result: Float64Array,
  start: number,
): void {
  const reference = block[start + a * k + a]!;
  let average = 0;
  for (let c = 0; c < k; c++) average += p[c * k + a]! * (block[start + c * k + a]! - reference);
  for (let c = 0; c < k; c++) {
    result[start + c * k + a] = (p[c * k + a]! * (block[start + c * k + a]! - reference - average)) / k;
  }
}

/** Throws UsageError where a dense basis would need more than 2 GiB. */
export function checkBasisSize(dimension: number, multiplicity: number): void {
  if (dimension * multiplicity > 2 ** 28) {
    throw new UsageError(
      `a dense basis of ${multiplicity} vectors of length ${dimension} would need more than 2 GiB; use energy() or fewer classes`,
    );
  }
}
