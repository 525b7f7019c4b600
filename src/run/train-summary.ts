import { overlapWindow } from './overlap-window.js';
import type { TrainConfig } from './train-config.js';
import type { TrainDocument, TrainRecord, TrainSummary } from './train-document.js';

export function summariseTraining(
  { steps, window: { length } }: TrainConfig,
  records: readonly TrainRecord[],
  window: TrainDocument['window'],
): TrainSummary {
  const last = records.at(-1)!;
  const measured = new Set(records.map(({ step }) => step));
  const apart = window.filter(({ step }) => !measured.has(step)).length; // one product each
  const fractions = records.filter(({ step }) => step > steps - length).map(({ topFraction }) => topFraction.lower);
  return {
    finalTopFraction: last.topFraction,
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    finalTestAccuracy: last.testAccuracy,
    overlapWindow: overlapWindow(window),
    topFractionWindow: fractions.length === 0 ? null : { mean: mean(fractions), count: fractions.length },
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + apart,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
