import { NumericalError, UsageError } from '../errors.js';

/**
 * mean |W ⊙ ∇W| of one weight tensor: by how much, to first order, the loss changes where one of its entries is set to zero. Unit: loss. 0 for no entries.
 * Throws UsageError where weights and gradient differ in length, NumericalError where the mean is not finite. Source: the importance by which TLoRA (arXiv:2604.18124) shares ranks out. Cost: one pass.
 */
export function weightSensitivity(weights: ArrayLike<number>, gradient: ArrayLike<number>): number {
  if (weights.length !== gradient.length)
    throw new UsageError(
      `a gradient has as many numbers as the weights, ${weights.length}; received ${gradient.length}`,
    );
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += Math.abs(weights[i]! * gradient[i]!);
  if (!Number.isFinite(sum)) throw new NumericalError('the products of weights and gradient are not finite');
  return weights.length === 0 ? 0 : sum / weights.length;
}

/**
 * `total` ranks shared out in proportion to sensitivities ≥ 0, at least 1 and at most `most` each; what rounding leaves goes to the largest remainders, the first
 * of equal ones. Their sum is `total`. Throws UsageError where that cannot be, or nothing is sensitive.
 */
export function sharedRanks(sensitivities: readonly number[], total: number, most: readonly number[]): number[] {
  const sum = sensitivities.reduce((all, x) => all + x, 0);
  const room = most.reduce((all, x) => all + x, 0);
  const isLegal =
    sensitivities.length === most.length &&
    sensitivities.every((x) => x >= 0) &&
    sum > 0 &&
    sum < Infinity &&
    most.every((x) => x >= 1 && Math.floor(x) === x);
  if (!isLegal || !Number.isInteger(total) || total < most.length || total > room)
    throw new UsageError(
      `${most.length} layers take from ${most.length} to ${room} ranks at most a positive integer each, by finite sensitivities ≥ 0 that are not all 0; received ${total} ranks, at most [${most.join(', ')}], and [${sensitivities.join(', ')}]`,
    );
  const wanted = sensitivities.map((x) => (x / sum) * total);
  const ranks = wanted.map((x, i) => Math.min(most[i]!, Math.max(1, Math.floor(x))));
  const given = (): number => ranks.reduce((all, x) => all + x, 0);
  const pick = (mayBe: (i: number) => boolean, sign: 1 | -1): number =>
    [...ranks.keys()]
      .filter(mayBe)
      .reduce((a, b) => (sign * (wanted[b]! - ranks[b]!) > sign * (wanted[a]! - ranks[a]!) ? b : a));
  while (given() < total) ranks[pick((i) => ranks[i]! < most[i]!, 1)]!++;
  while (given() > total) ranks[pick((i) => ranks[i]! > 1, -1)]!--;
  return ranks;
}
