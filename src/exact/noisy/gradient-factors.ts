import { UsageError } from '../../errors.js';
import { gradientCovariance } from './gradient-covariance.js';
import { marginPoint } from './margin-point.js';
import type { NoisyPoint } from './symmetric-levels.js';

/** An eigenvalue of a factor with its multiplicity. */
export interface FactorLevel {
  readonly value: number;
  readonly multiplicity: number;
}

/** E G Gᵀ and E GᵀG of a batch's gradient G, k × d, at W = αB. */
export interface GradientFactors {
  /** The scores of zero sum, k − 1 dimensions, on which E G Gᵀ is flat; it is zero on 1. */
  readonly classes: FactorLevel;
  /** E GᵀG: along the mean of the means, on their differences (k − 1 dimensions), and on what is orthogonal to all means (d − k). */
  readonly features: Readonly<Record<'mean' | 'differences' | 'bulk', FactorLevel>>;
}

/**
 * Shampoo's factors in the model, in closed form. The permutations of classes and the rotations of the bulk leave one number on each of their irreps: with C of one sample by sectors
 * (gradientCovariance), C/b + g gᵀ of a batch of b drawn with replacement, and the features of each sector,
 *   mean: (k − 1) C_means/b,   bulk: (k − 1) C_bulk/b,
 *   differences: [(k − 1) C_differences + Σ n_s C_s]/((k − 1) b) + (dα/dt)², s = trivial, symmetric, antisymmetric,
 * and E G Gᵀ has the same trace on k − 1 dimensions. As E G Gᵀ is flat on its support, KL-Shampoo's factors are proportional to these.
 *
 * Orthonormal means, no biases: throws UsageError for others, and outside the domain of gradientCovariance. Cost: that of gradientCovariance.
 */
export function gradientFactors(point: NoisyPoint, batch: number): GradientFactors {
  const { classes: k, dim, correlation = 0, bias = false } = point;
  if (correlation !== 0 || bias)
    throw new UsageError('factors are known for orthonormal means without biases; leave correlation and bias out');
  if (!(batch >= 1)) throw new UsageError(`a batch has at least one sample, received ${batch}`);
  const { levels, standard, logUnit } = gradientCovariance(point);
  const unit = Math.exp(logUnit);
  const total = (names: readonly string[]): number =>
    levels.reduce(
      (sum, { level, covariance }) => sum + (names.includes(level.sector) ? level.multiplicity * covariance : 0),
      0,
    );
  const copies = k > 2 ? standard.entries[standard.size + 1]! * unit : 0;
  const flow = marginPoint(point).marginRate ** 2;
  const ofDifferences = copies + total(['trivial', 'symmetric', 'antisymmetric']) / (k - 1);
  const features = {
    mean: { value: ((k - 1) * standard.entries[0]! * unit) / batch, multiplicity: 1 },
    differences: { value: ofDifferences / batch + flow, multiplicity: k - 1 },
    bulk: { value: dim > k ? total(['bulk']) / ((dim - k) * batch) : 0, multiplicity: dim - k },
  };
  const trace = Object.values(features).reduce((sum, { value, multiplicity }) => sum + value * multiplicity, 0);
  return { classes: { value: trace / (k - 1), multiplicity: k - 1 }, features };
}
