import { UsageError } from '../errors.js';

/**
 * How SGD steps: learning rate η, batch size b, momentum μ of the heavy ball (w ← μ w + ĝ, θ ← θ − η w; 0 if left out). Given η/b alone, the limit
 * ηλ → 0 at that ratio.
 */
export type SgdRule =
  | { readonly learningRate: number; readonly batch: number; readonly momentum?: number }
  | { readonly learningRateOverBatch: number };

/**
 * η/b of a rule, its η (0 in the limit) and μ, and `strength` = η/(b(1−μ)): what η/b is for modes that are slow, ηλ ≪ 1, where the heavy ball counts as η/(1−μ). Throws UsageError unless η > 0, b ≥ 1 and 0 ≤ μ < 1.
 */
export function ruleNumbers(rule: SgdRule): {
  readonly ratio: number;
  readonly strength: number;
  readonly learningRate: number;
  readonly momentum: number;
} {
  if ('learningRateOverBatch' in rule) {
    const ratio = rule.learningRateOverBatch;
    if (!(ratio > 0 && ratio < Infinity)) throw new UsageError(`η/b must be a positive number, received ${ratio}`);
    return { ratio, strength: ratio, learningRate: 0, momentum: 0 };
  }
  const { learningRate, batch, momentum = 0 } = rule;
  if (!(learningRate > 0 && learningRate < Infinity && batch >= 1 && batch < Infinity)) {
    throw new UsageError(
      `SGD needs a positive learning rate and a batch of at least 1, received ${learningRate} and ${batch}`,
    );
  }
  if (!(momentum >= 0 && momentum < 1))
    throw new UsageError(`momentum must be from 0 to below 1, received ${momentum}`);
  const ratio = learningRate / batch;
  return { ratio, strength: ratio / (1 - momentum), learningRate, momentum };
}
