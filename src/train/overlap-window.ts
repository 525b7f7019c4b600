import { batchMeans } from '../numeric/statistics/batch-means.js';

/** overlap(g, Hg) over the last steps: mean, standard deviation, how many, from which step. */
export interface OverlapWindow {
  readonly mean: number;
  readonly standardDeviation: number;
  readonly count: number;
  readonly firstStep: number;
  /** Of the mean, by batch means, since successive values depend on each other; null where there are too few to tell. */
  readonly standardError: number | null;
  /** The last value. */
  readonly last: number;
}

/** Null for an empty window. */
export function overlapWindow(
  window: readonly { readonly step: number; readonly overlap: number }[],
): OverlapWindow | null {
  if (window.length === 0) return null;
  const overlaps = window.map(({ overlap }) => overlap);
  const mean = overlaps.reduce((sum, x) => sum + x, 0) / overlaps.length;
  const variance = overlaps.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, overlaps.length - 1);
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    count: overlaps.length,
    firstStep: window[0]!.step,
    standardError: batchMeans(overlaps).standardError,
    last: overlaps.at(-1)!,
  };
}
