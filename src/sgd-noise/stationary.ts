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
  const energy = stationaryEnergy(eigenvalue, covariance, rule);
  if (covariance === 0) return 0;
  return eigenvalue === 0 ? Infinity : energy / eigenvalue / eigenvalue;
}

/**
 * E g_i² = λ² v, the energy of the gradient that the stationary noise leaves along one eigenvector: η (1+μ) c λ / (b (1−μ)(2(1+μ) − ηλ)), which is
 * (η/b) cλ/2 for ηλ ≪ 1 and μ = 0. Throws UsageError as stationaryVariance does.
 */
export function stationaryEnergy(eigenvalue: number, covariance: number, rule: SgdRule): number {
  const { ratio, learningRate, momentum } = ruleNumbers(rule);
  checkMode(eigenvalue, covariance);
  const most = 2 * (1 + momentum);
  if (!(learningRate * eigenvalue < most)) {
    throw new UsageError(
      `SGD diverges where ηλ ≥ 2(1+μ): received η = ${learningRate}, λ = ${eigenvalue}, μ = ${momentum}; use a learning rate below ${most / eigenvalue}`,
    );
  }
  return (ratio * (1 + momentum) * covariance * eigenvalue) / ((1 - momentum) * (most - learningRate * eigenvalue));
}

/** Throws UsageError unless λ and c are numbers from 0 on. */
export function checkMode(eigenvalue: number, covariance: number): void {
  if (!(eigenvalue >= 0 && eigenvalue < Infinity && covariance >= 0 && covariance < Infinity)) {
    throw new UsageError(
      `noise relaxes along eigenvectors of eigenvalues λ ≥ 0, with a variance c ≥ 0 of a sample's gradient; received λ = ${eigenvalue}, c = ${covariance}`,
    );
  }
}
