import type { TrainRecord } from './train-document.js';

/**
 * f_top(m) of a measurement as it is known: certain bounds, which allow for the residuals of the eigenvectors, where they were asked for
 * (`accuracy`); otherwise the values over all choices of m top eigenvectors, as exact as these are.
 */
export function knownTopFraction({
  topFraction,
  topFractionBounds,
}: Pick<TrainRecord, 'topFraction' | 'topFractionBounds'>): {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
} {
  const { lower, upper } = topFractionBounds ?? topFraction;
  return { lower, middle: (lower + upper) / 2, upper };
}
