import { UsageError } from '../../errors.js';
import { gaussLegendre } from '../../numeric/quadrature/gauss-legendre.js';
import { checkCorrelation, checkNoise } from './domain.js';
import { flowTerms } from './margin-point.js';
import { defaultDigits } from './symmetric-levels.js';

const rule = gaussLegendre(12);
/** e-folds of 1/rate that one panel of 12 points integrates to rounding. */
const folds = 6;
/** What is e^−36 of the rest is less than its rounding. */
const negligible = -36;

/**
 * log t at which the flow from W(0) = 0 passes one margin 0 < α ≤ 0.9 α*: t = ∫₀^α dα′/rate(α′), summed from α downwards in panels of
 * Gauss–Legendre until what is left cannot count. For many margins, or nearer to α*, use marginClock.
 *
 * A panel is no longer than six e-folds of 1/rate, than 4 where logits of order one matter (softmax has poles at a distance π), and than
 * half the width 1/σ of the transition to collisions beyond. Relative error of t about 1e-12, or that of the rate. Throws UsageError
 * outside the domain. Cost: 12 to 500 times 3 ms.
 */
export function flowLogTime(
  model: { readonly classes: number; readonly noise: number; readonly correlation?: number },
  margin: number,
): number {
  const { classes: k, noise, correlation = 0 } = model;
  checkNoise(k, noise);
  checkCorrelation(k, correlation);
  const most = 0.9 / noise ** 2;
  if (!(margin > 0 && margin <= most)) {
    throw new UsageError(
      `margin must be positive and at most 0.9/noise² = ${most}, received ${margin}; see marginClock`,
    );
  }
  const spread = 1 - correlation;
  const { fine } = defaultDigits(k);
  const termsAt = (alpha: number) => {
    const { logWrong, balance, logCurvature } = flowTerms({ ...model, margin: alpha }, fine);
    const logRate = logWrong + Math.log(1 - balance);
    return { logSlowness: -logRate, steepness: Math.exp(logCurvature - logRate) };
  };
  const gentle = 10 + Math.log(k);
  const sums: number[] = [];
  for (let upper = margin; upper > 0;) {
    const { logSlowness, steepness } = termsAt(upper);
    const logSoFar = logSum(sums);
    if (Math.log(upper) + logSlowness < logSoFar + negligible) break; // the slowness only falls towards α = 0
    const longest = (upper * spread > gentle ? 4 + 0.5 / noise : 4) / spread;
    const length = Math.min(folds / steepness, longest);
    const lower = upper - length > 0 ? upper - length : 0;
    rule.nodes.forEach((x, i) => {
      const alpha = lower + x * (upper - lower);
      sums.push(termsAt(alpha).logSlowness + Math.log(rule.weights[i]! * (upper - lower)));
    });
    upper = lower;
  }
  return logSum(sums);
}

/** log Σ e^x; −∞ for nothing. */
export function logSum(logs: readonly number[]): number {
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  return top === -Infinity ? top : top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}
