import { ruleNumbers, type SgdRule } from '../../sgd-noise/rule.js';
import { noiseGain } from '../../sgd-noise/stationary.js';
import type { SymmetricPoint } from './symmetric.js';

/** The noise of SGD at a symmetric point without noise in the data: it lies in the gradient's level, in k − 1 of its k dimensions. */
export interface NoiselessSgdNoise {
  /** c along the differences of the means, diag(v) − 1vᵀ/k with Σv = 0; 0 everywhere else. */
  readonly covariance: number;
  /** Of the weights there. */
  readonly variance: number;
  /** ‖G‖² of the flow, and what the noise adds to it. */
  readonly gradientEnergy: { readonly flow: number; readonly noise: number };
  /** Estimate of the relative size of what leading order leaves out, as for the noisy model: λ₁ under the shift of the mean margin, (1−2ε)² v min(λ₁t, 1). */
  readonly secondOrder: number;
}

/**
 * Without noise all samples of a class are one: a sample's gradient is one of k vectors, −(εk/(k−1)) (e_a − 1/k) ⊗ μ_a, so that C has rank k − 1 and is
 * c = ε²/(k−1) on the differences of the means, which H has λ₁ on; along the gradient itself all samples agree.
 *
 * `path` 'flow': from W(0) = 0 in continuous time, v = (η/b) ε² t/(k−1) = (η/b) c t, in closed form; 'rest': as if the flow stood still,
 * v = η ε/(b(1−ε)(2 − ηλ₁)). Along the flow noise over flow falls as (η/b)(k−1)/t: late the flow wins, whatever η/b.
 *
 * Throws UsageError for a rule that is none, or that is unstable at rest. Cost: O(1).
 */
export function noiselessSgdNoise(
  { classes: k, time, error: eps, gradientNorm }: SymmetricPoint,
  rule: SgdRule,
  path: 'flow' | 'rest',
): NoiselessSgdNoise {
  const { strength } = ruleNumbers(rule);
  const level = (eps * (1 - eps)) / (k - 1);
  const covariance = eps ** 2 / (k - 1);
  const variance = path === 'flow' ? strength * covariance * time : (noiseGain(level, rule) * eps) / (1 - eps);
  return {
    covariance,
    variance,
    gradientEnergy: { flow: gradientNorm ** 2, noise: (k - 1) * level ** 2 * variance },
    secondOrder: (1 - 2 * eps) ** 2 * variance * (path === 'flow' ? Math.min(level * time, 1) : 1),
  };
}
