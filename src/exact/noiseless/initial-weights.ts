import { UsageError } from '../../errors.js';
import { dot } from '../../numeric/kernels/orthonormalise.js';
import { randomStream } from '../../numeric/random.js';
import { checkModel } from './domain.js';

/**
 * Initial weights on the means, k×k, entry (c, a) at `c * k + a`, independent N(0, scale²), keyed by the seed and the path, which
 * names one draw of many of the same seed. (For orthonormal means and W(0) with independent N(0, scale²) entries in R^{k×d} this is
 * exactly the law of W(0) M.)
 */
export function randomWeights(
  classes: number,
  scale: number,
  seed: number,
  ...path: readonly (string | number)[]
): Float64Array {
  checkModel(classes);
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new UsageError(`the scale of random weights must be a positive number, received ${scale}; for example 0.01`);
  }
  const stream = randomStream(seed, 'initial-weights', classes, ...path);
  return new Float64Array(classes * classes).map(() => scale * stream.normal());
}

/** W in two parts: what lies on the means, k×k and moved by the flow, and the rest, k×d and frozen. */
export interface SplitWeights {
  readonly onMeans: Float64Array;
  readonly frozen: Float64Array;
}

/**
 * W = (W M) Mᵀ + W (1 − M Mᵀ) for any W ∈ R^{k×d} and orthonormal means, the columns of M.
 *
 * `weights`: row-major k×d; `means`: row-major k×d, row a = μ_a. The first part is what exactFlow takes and returns; the
 * second does not move and enters no observable. Throws UsageError on wrong lengths or if MᵀM differs from 1 by more than
 * 1e-12: for orthogonal means of common norm ρ pass μ/ρ and ρW, and read times as ρ²t. Cost: O(k²d).
 */
export function splitWeights(weights: Float64Array, means: Float64Array, classes: number): SplitWeights {
  checkModel(classes);
  const k = classes;
  const d = means.length / k;
  if (!Number.isInteger(d) || d < k || weights.length !== means.length) {
    throw new UsageError(
      `weights and means must both be classes × dim with dim ≥ ${k}, received ${weights.length} and ${means.length} numbers`,
    );
  }
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      const inner = dot(means, a * d, means, b * d, d);
      if (!(Math.abs(inner - (a === b ? 1 : 0)) <= 1e-12)) {
        throw new UsageError(
          `means must be orthonormal: μ_${a} · μ_${b} = ${inner}; divide by a common norm ρ, or see exactFlow`,
        );
      }
    }
  }
  const onMeans = new Float64Array(k * k);
  const frozen = Float64Array.from(weights);
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < k; a++) {
      const w = dot(weights, c * d, means, a * d, d);
      onMeans[c * k + a] = w;
      for (let f = 0; f < d; f++) frozen[c * d + f]! -= w * means[a * d + f]!;
    }
  }
  return { onMeans, frozen };
}

/** The inverse of splitWeights: W = onMeans Mᵀ + frozen, row-major k×d. */
export function joinWeights({ onMeans, frozen }: SplitWeights, means: Float64Array, classes: number): Float64Array {
  const k = classes;
  const d = means.length / k;
  const weights = Float64Array.from(frozen);
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < k; a++) {
      for (let f = 0; f < d; f++) weights[c * d + f]! += onMeans[c * k + a]! * means[a * d + f]!;
    }
  }
  return weights;
}
