import { UsageError } from '../errors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { addScaled, dot } from '../numeric/kernels/orthonormalise.js';

/**
 * Mean over samples of ‖h(x; θ′) − h(x; θ)‖²: how far the scores of a network moved, one sample after the other in both arrays (arXiv:2604.07380, there with θ′ = θ + εv). In squared
 * units of h. Throws UsageError for different lengths, or no samples. Cost: O(scores).
 */
export function displacement(before: FloatArray, after: FloatArray, samples: number): number {
  if (before.length !== after.length || !(samples > 0)) {
    throw new UsageError(
      `scores of some samples at two θ are needed, received ${before.length} and ${after.length} of ${samples} samples`,
    );
  }
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (after[i]! - before[i]!) ** 2;
  return sum / samples;
}

/** (L(θ + εv) − 2 L(θ) + L(θ − εv))/ε²: vᵀHv for a quadratic loss, and its average along the segment with weights 1 − |t|/ε for any. Units: L/θ². */
export function secondDifference([behind, at, ahead]: readonly [number, number, number], step: number): number {
  return (ahead - 2 * at + behind) / step ** 2;
}

/** θ − Σ_j ⟨θ, v_j⟩ v_j for orthonormal v_j, one after the other in `directions`: θ without its part in their span. Throws UsageError where these are no vectors like θ. Cost: O(directions). */
export function withoutDirections(theta: FloatArray, directions: Float64Array): Float64Array {
  const n = theta.length;
  if (directions.length % n !== 0) {
    throw new UsageError(`directions of ${n} entries each are needed, received ${directions.length} numbers`);
  }
  const [whole, left] = [Float64Array.from(theta), Float64Array.from(theta)];
  for (let from = 0; from < directions.length; from += n) {
    addScaled(-dot(whole, 0, directions, from, n), directions, from, left, 0, n);
  }
  return left;
}
