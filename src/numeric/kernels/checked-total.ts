import { NumericalError } from '../../errors.js';

/**
 * Shares that must not be negative and must add up to `total` within a tolerance, as they are. What is shown of a probability, a quadrature or a density goes
 * through here first. Throws NumericalError, saying what was found. Cost: O(length).
 */
export function checkedTotal<V extends Iterable<number>>(
  what: string,
  shares: V,
  { total, tolerance }: { readonly total: number; readonly tolerance: number },
): V {
  let [sum, least] = [0, Infinity];
  for (const share of shares) {
    sum += share;
    least = Math.min(least, share);
  }
  if (!(least >= 0 && Math.abs(sum - total) <= tolerance)) {
    throw new NumericalError(
      `${what} must not be negative and add up to ${total}, received the sum ${sum} with ${least} as the least: the products are not those of a symmetric operator, or too rough; try float64`,
    );
  }
  return shares;
}
