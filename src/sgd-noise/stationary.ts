import { UsageError } from '../errors.js';
import { ruleNumbers, type SgdRule } from './rule.js';

/**
 * The variance that SGD's noise leaves along one eigenvector of H, λ its eigenvalue, c = vᵀCv, C the covariance of the gradient of one sample:
 *   v = η (1+μ) c / (b (1−μ) λ (2(1+μ) − ηλ)),
 * the fixed point of x ← x − η w, w ← μ w + λ x + ζ, Var ζ = c/b. Steps are polynomials in H, so that each eigenvector has its own recursion, whether
 * or not C and H commute. Infinity for λ = 0 < c, where nothing pulls back; 0 for c = 0.
 *
 * Leading order in η/b. Batches are drawn with replacement; without, see shuffledVariance. Throws UsageError for λ < 0 or c < 0, and where the step is unstable,
 * ηλ ≥ 2(1+μ).
 */
export function stationaryVariance(eigenvalue: number, covariance: number, rule: SgdRule): number {
  checkMode(eigenvalue, covariance);
  const gain = noiseGain(eigenvalue, rule);
  return covariance === 0 ? 0 : (gain * covariance) / eigenvalue;
}

/**
 * E g_i² = λ² v, the energy of the gradient that the stationary noise leaves along one eigenvector: η (1+μ) c λ / (b (1−μ)(2(1+μ) − ηλ)), which is
 * (η/b) cλ/2 for ηλ ≪ 1 and μ = 0. Throws UsageError as stationaryVariance does.
 */
export function stationaryEnergy(eigenvalue: number, covariance: number, rule: SgdRule): number {
  checkMode(eigenvalue, covariance);
  return noiseGain(eigenvalue, rule) * covariance * eigenvalue;
}

/**
 * vλ/c = η (1+μ) / (b (1−μ)(2(1+μ) − ηλ)), η/2b for ηλ ≪ 1 and μ = 0: the stationary variance along an eigenvector of λ in units of c/λ, one number for all
 * slow modes. Throws UsageError where ηλ ≥ 2(1+μ).
 */
export function noiseGain(eigenvalue: number, rule: SgdRule): number {
  const { ratio, learningRate, momentum } = ruleNumbers(rule);
  checkMode(eigenvalue, 0);
  const most = 2 * (1 + momentum);
  if (!(learningRate * eigenvalue < most)) {
    throw new UsageError(
      `SGD diverges where ηλ ≥ 2(1+μ): received η = ${learningRate}, λ = ${eigenvalue}, μ = ${momentum}; use a learning rate below ${most / eigenvalue}`,
    );
  }
  return (ratio * (1 + momentum)) / ((1 - momentum) * (most - learningRate * eigenvalue));
}

/** Throws UsageError unless λ and c are numbers from 0 on. */
export function checkMode(eigenvalue: number, covariance: number): void {
  if (!(eigenvalue >= 0 && eigenvalue < Infinity && covariance >= 0 && covariance < Infinity)) {
    throw new UsageError(
      `noise relaxes along eigenvectors of eigenvalues λ ≥ 0, with a variance c ≥ 0 of a sample's gradient; received λ = ${eigenvalue}, c = ${covariance}`,
    );
  }
}
