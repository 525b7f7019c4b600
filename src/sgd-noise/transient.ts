import { UsageError } from '../errors.js';
import { ruleNumbers, type SgdRule } from './rule.js';
import { checkMode, stationaryVariance } from './stationary.js';

/**
 * The variance along one eigenvector after n steps from `start`, at one point: v_n = v∞ + (1−ηλ)^{2n} (v_0 − v∞), v∞ the stationary one. With c = 0, full
 * batches, it decays: the quench; a rule of another b relaxes to that of the new b. For λ = 0 it grows by η²c/b each step.
 *
 * Throws UsageError for a negative start or number of steps, for momentum, for η/b alone, and as stationaryVariance does.
 */
export function varianceAfter(
  steps: number,
  start: number,
  eigenvalue: number,
  covariance: number,
  rule: SgdRule,
): number {
  const { ratio, learningRate, momentum } = ruleNumbers(rule);
  checkMode(eigenvalue, covariance);
  if (!(Number.isInteger(steps) && steps >= 0 && start >= 0)) {
    throw new UsageError(
      `steps must be an integer and, as the variance at the start, not negative, received ${steps} and ${start}`,
    );
  }
  if (momentum > 0 || learningRate === 0) {
    throw new UsageError(
      'the variance after a number of steps is that of SGD without momentum, of a learning rate and a batch',
    );
  }
  if (eigenvalue === 0) return start + steps * learningRate * ratio * covariance;
  const relaxed = stationaryVariance(eigenvalue, covariance, rule);
  const step = 1 - learningRate * eigenvalue;
  const kept = step ** (2 * steps);
  // 1 − (1−x)^{2n}, which for small nx is no difference
  const gained = step > 0 ? -Math.expm1(2 * steps * Math.log1p(-learningRate * eigenvalue)) : 1 - kept;
  return start * kept + relaxed * gained;
}
