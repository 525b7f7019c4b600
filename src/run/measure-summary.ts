import type { MeasureConfig } from './measure-config.js';
import type { MeasureDocument, MeasureRecord, MeasureSummary } from './measure-document.js';

/** overlap(g, Hg) that GRD18 reports for softmax regression on MNIST (Table 1). */
export const PAPER_OVERLAP_MNIST = 0.96;

export function summarise(
  config: MeasureConfig,
  records: readonly MeasureRecord[],
  window: MeasureDocument['window'],
): MeasureSummary {
  const last = records.at(-1)!;
  const overlaps = window.map((entry) => entry.overlap);
  const mean = overlaps.reduce((sum, x) => sum + x, 0) / overlaps.length;
  const variance = overlaps.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, overlaps.length - 1);
  return {
    finalTopFraction: last.topFraction,
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    overlapWindow:
      overlaps.length === 0
        ? null
        : { mean, standardDeviation: Math.sqrt(variance), count: overlaps.length, firstStep: window[0]!.step },
    paper: config.data.kind === 'mnist' ? PAPER_OVERLAP_MNIST : null,
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + window.length,
  };
}
