import type { MeasureConfig } from './measure-config.js';
import type { MeasureDocument, MeasureRecord, MeasureSummary } from './measure-document.js';
import { overlapWindow } from './overlap-window.js';

/** overlap(g, Hg) that GRD18 reports for softmax regression on MNIST (Table 1). */
export const PAPER_OVERLAP_MNIST = 0.96;

export function summarise(
  config: MeasureConfig,
  records: readonly MeasureRecord[],
  window: MeasureDocument['window'],
): MeasureSummary {
  const last = records.at(-1)!;
  return {
    finalTopFraction: last.topFraction,
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    overlapWindow: overlapWindow(window),
    paper: config.data.kind === 'mnist' ? PAPER_OVERLAP_MNIST : null,
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + window.length,
  };
}
