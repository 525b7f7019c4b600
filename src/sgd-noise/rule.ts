import { UsageError } from '../errors.js';

/**
 * How SGD steps: learning rate η, batch size b, momentum μ of the heavy ball (w ← μ w + ĝ, θ ← θ − η w; 0 if left out). Given η/b alone, the limit
 * ηλ → 0 at that ratio.
 */
export type SgdRule =
  | { readonly learningRate: number; readonly batch: number; readonly momentum?: number }
  | { readonly learningRateOverBatch: number };

/**
 * η/b of a rule, its η (0 in the limit) and μ. Throws UsageError unless η > 0, b ≥ 1 and 0 ≤ μ < 1.
 */
export function ruleNumbers(rule: SgdRule): {
  readonly ratio: number;
  readonly learningRate: number;
  readonly momentum: number;
} {
  if ('learningRateOverBatch' in rule) {
    const ratio = rule.learningRateOverBatch;
    if (!(ratio > 0 && ratio < Infinity)) throw new UsageError(`η/b must be a positive number, received ${ratio}`);
    return { ratio, learningRate: 0, momentum: 0 };
  }
  const { learningRate, batch, momentum = 0 } = rule;
  if (!(learningRate > 0 && learningRate < Infinity && batch >= 1 && batch < Infinity)) {
    throw new UsageError(
      `SGD needs a positive learning rate and a batch of at least 1, received ${learningRate} and ${batch}`,
    );
  }
  if (!(momentum >= 0 && momentum < 1))
    throw new UsageError(`momentum must be from 0 to below 1, received ${momentum}`);
  return { ratio: learningRate / batch, learningRate, momentum };
}
