import type { TrainRecord } from './train-document.js';

/**
 * f_top(m) of a record: the middle of the bounds of a search that went on until f_top was known, else of the interval of f_top. The interval
 * can be [0, 1] where such a search ends early, with eigenvectors at the cut that are not told apart one by one; the bounds hold there too.
 */
export function certainTopFraction({
  topFraction,
  topFractionBounds,
}: Pick<TrainRecord, 'topFraction' | 'topFractionBounds'>): number {
  const { lower, upper } = topFractionBounds ?? topFraction;
  return (lower + upper) / 2;
}
