import { UsageError } from '../errors.js';
import { refuseTooMany } from './too-many.js';
import { randomStream } from '../numeric/random.js';
import { denseFeatures, type LabelledData } from './features.js';

/** The model's own data: k classes with orthonormal means, isotropic noise. */
export interface GaussianMixture {
  readonly classes: number;
  readonly dim: number;
  /** Standard deviation σ of each coordinate. */
  readonly noise: number;
}

/**
 * n samples x = μ_y + σ ξ, y uniform on the classes, μ_a the a-th basis vector (GRD18 §4). Keyed by the seed and the path, which
 * names one data set of many of the same seed: sample i is the same whatever n is. Throws UsageError on values outside the model. Cost: O(n d).
 */
export function sampleMixture(
  { classes, dim, noise }: GaussianMixture,
  samples: number,
  seed: number,
  ...path: readonly (string | number)[]
): LabelledData {
  if (!Number.isInteger(classes) || classes < 2 || !Number.isInteger(dim) || dim < classes) {
    throw new UsageError(`a mixture needs 2 ≤ classes ≤ dim, received classes ${classes} and dim ${dim}`);
  }
  if (!(noise >= 0 && Number.isFinite(noise))) throw new UsageError(`noise must be a number ≥ 0, received ${noise}`);
  if (!Number.isInteger(samples) || samples < 1)
    throw new UsageError(`samples must be a positive integer, received ${samples}`);
  refuseTooMany(samples * dim);
  const stream = randomStream(seed, 'mixture', classes, dim, ...path);
  const labels = new Uint16Array(samples);
  const entries = new Float64Array(samples * dim);
  for (let i = 0; i < samples; i++) {
    const label = stream.integer(classes);
    labels[i] = label;
    for (let f = 0; f < dim; f++) entries[i * dim + f] = (f === label ? 1 : 0) + noise * stream.normal();
  }
  return { features: denseFeatures(samples, dim, entries), labels, classes };
}
