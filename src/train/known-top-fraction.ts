import type { TrainRecord } from './train-document.js';

/**
 * f_top(m) of a measurement as it is known: bounds that allow for the residuals of the eigenvectors, for rounding and for degenerate cuts; where a
 * record has none, the values over all choices of m top eigenvectors, as exact as these are.
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
  return { lower, middle: topFractionBounds?.estimate ?? (lower + upper) / 2, upper };
}
