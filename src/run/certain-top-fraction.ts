import type { TrainRecord } from './train-document.js';

/**
 * f_top(m) of a record: the middle of its interval, or of the bounds of a search for f_top, whichever is narrower. The interval can be
 * [0, 1] where such a search ends early, with eigenvectors at the cut that are not told apart one by one; the bounds stay wide where it is
 * the residuals that end the search.
 */
export function certainTopFraction({
  topFraction,
  topFractionBounds,
}: Pick<TrainRecord, 'topFraction' | 'topFractionBounds'>): number {
  const width = ({ lower, upper }: { readonly lower: number; readonly upper: number }): number => upper - lower;
  const isBetter = topFractionBounds !== null && width(topFractionBounds) < width(topFraction);
  const { lower, upper } = isBetter ? topFractionBounds : topFraction;
  return (lower + upper) / 2;
}
