import { UsageError } from '../errors.js';
import { ruleNumbers } from './rule.js';
import { checkMode } from './stationary.js';

/** A stationary variance where batches are drawn without replacement: at the start of an epoch, and the mean over its steps. */
export interface ShuffledVariance {
  readonly start: number;
  readonly mean: number;
}

/**
 * The stationary variance of SGD that goes through all n samples in epochs of m = n/b batches, in a new order each.
 *
 * The noises of an epoch add up to zero: Var ζ = s² = (c/b)(n−b)/(n−1), Cov(ζ_i, ζ_j) = −s²/(m−1), c the variance over the n samples. With r = 1 − ηλ
 * j steps add η²s²K_j, K_j = [m Σ r^{2i} − (Σ r^i)²]/(m−1) over i < j, so that V_0 = η²s² K_m/(1 − r^{2m}) and V_j = r^{2j}V_0 + η²s²K_j. Modes that are
 * slow on the scale of an epoch, ηλm ≪ 1, have much less than with replacement at its start; fast ones the same up to 1/m.
 *
 * With one batch (b = n) there is no noise. Throws UsageError unless b divides n, where ηλ ≥ 2, and for a flat direction, λ = 0 < c. Cost: O(m).
 */
export function shuffledVariance(
  eigenvalue: number,
  covariance: number,
  rule: { readonly learningRate: number; readonly batch: number; readonly samples: number },
): ShuffledVariance {
  const { learningRate: eta, batch: b, samples: n } = rule;
  ruleNumbers(rule);
  checkMode(eigenvalue, covariance);
  const m = n / b;
  if (!Number.isInteger(m) || !Number.isInteger(b) || m < 1) {
    throw new UsageError(`epochs of whole batches need a batch that divides the samples, received ${b} of ${n}`);
  }
  const x = eta * eigenvalue;
  if (!(x < 2)) throw new UsageError(`SGD diverges where ηλ ≥ 2: received η = ${eta}, λ = ${eigenvalue}`);
  if (m === 1 || covariance === 0) return { start: 0, mean: 0 };
  if (x === 0) throw new UsageError('along a flat direction, λ = 0, the noise of SGD has no stationary variance');
  const size = ((eta ** 2 * covariance) / b) * ((n - b) / (n - 1));
  // r^i = 1 + e_i, so that the scatter of the first j powers about their mean keeps its digits
  const excess = (i: number): number => (x < 1 ? Math.expm1(i * Math.log1p(-x)) : (1 - x) ** i - 1);
  let [mean, scatter, squares] = [0, 0, 0];
  let [decayed, grown] = [0, 0];
  for (let j = 0; j < m; j++) {
    // so far i < j: K_j = [(m − j) Σ r^{2i} + j · scatter]/(m−1)
    decayed += (1 + excess(j)) ** 2;
    grown += (m - j) * squares + j * scatter;
    const e = excess(j);
    const off = e - mean;
    mean += off / (j + 1);
    scatter += off * (e - mean);
    squares += (1 + e) ** 2;
  }
  const kept = x < 1 ? -Math.expm1(2 * m * Math.log1p(-x)) : 1 - (1 - x) ** (2 * m);
  const start = (size * m * scatter) / ((m - 1) * kept);
  return { start, mean: (start * decayed) / m + (size * grown) / (m * (m - 1)) };
}
