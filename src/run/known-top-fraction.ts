import type { TrainRecord } from './train-document.js';

/**
 * f_top(m) of a measurement as narrowly as it is known: the certain bounds, where the search for eigenpairs went on until they were narrow, or
 * the values over all choices of m top eigenvectors, which reach up to 1 where the early end leaves the eigenvalues at the cut undecided.
 */
export function knownTopFraction({
  topFraction,
  topFractionBounds,
}: Pick<TrainRecord, 'topFraction' | 'topFractionBounds'>): {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
} {
  const width = (interval: { readonly lower: number; readonly upper: number }): number =>
    interval.upper - interval.lower;
  const { lower, upper } =
    topFractionBounds !== null && width(topFractionBounds) < width(topFraction) ? topFractionBounds : topFraction;
  return { lower, middle: (lower + upper) / 2, upper };
}
