import { UsageError } from '../../errors.js';
import { smallSymmetricEigen } from '../../numeric/kernels/small-symmetric-eigen.js';

/**
 * A mixture of Gaussians: any means, priors and noise per class, isotropic or of a common shape. Entry (class a, feature f) of `means` at
 * a·dim + f.
 */
export interface MixtureModel {
  readonly classes: number;
  readonly dim: number;
  readonly means: Float64Array;
  readonly priors: readonly number[];
  readonly noises: readonly number[];
  /**
   * Relative deviation of each feature: feature f of class a has the deviation noises[a]·shape[f]; 1 everywhere if left out. A common
   * covariance is of this form in its eigenbasis; a bias is a feature with all means 1 and shape 0.
   */
  readonly shape?: Float64Array;
}

/**
 * A mixture with the given Gram matrix of means (k×k, row-major, positive semidefinite) in d ≥ k features: the means are the rows of
 * its symmetric square root. Priors default to 1/k. Throws UsageError if the shapes do not fit, the priors do not sum to 1, a
 * noise is negative, or the Gram matrix has a negative eigenvalue.
 */
export function mixtureFromGram(model: {
  readonly gram: ArrayLike<number>;
  readonly dim: number;
  readonly noises: readonly number[];
  readonly priors?: readonly number[];
}): MixtureModel {
  const { gram, dim, noises } = model;
  const k = noises.length;
  const priors = model.priors ?? noises.map(() => 1 / k);
  if (k < 2 || gram.length !== k * k || priors.length !== k || dim < k) {
    throw new UsageError(
      `k noises need a k×k Gram matrix, k priors and dim ≥ k, k ≥ 2: received ${k} noises, ${gram.length} entries, ${priors.length} priors, dim ${dim}`,
    );
  }
  if (priors.some((p) => !(p > 0)) || Math.abs(priors.reduce((sum, p) => sum + p, 0) - 1) > 1e-12) {
    throw new UsageError(`priors must be positive and sum to 1, received ${priors.join(', ')}`);
  }
  if (noises.some((sigma) => !(sigma >= 0 && Number.isFinite(sigma)))) {
    throw new UsageError(`noises must be numbers ≥ 0, received ${noises.join(', ')}`);
  }
  const { values, vectors } = smallSymmetricEigen(Float64Array.from(gram), k);
  const least = values[k - 1]!;
  if (least < -1e-12 * values[0]!) {
    throw new UsageError(`the Gram matrix of the means must be positive semidefinite: it has the eigenvalue ${least}`);
  }
  const means = new Float64Array(k * dim);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      let sum = 0;
      for (let i = k - 1; i >= 0; i--) {
        sum += vectors[i * k + a]! * Math.sqrt(Math.max(0, values[i]!)) * vectors[i * k + b]!;
      }
      means[a * dim + b] = sum;
    }
  }
  return { classes: k, dim, means, priors, noises };
}
