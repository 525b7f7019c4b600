import { knownTopFraction } from './known-top-fraction.js';
import { overlapWindow } from './overlap-window.js';
import type { TrainConfig } from './train-config.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainSummary } from './train-document.js';

export function summariseTraining(
  { steps, window: { length }, follow: { direction } }: TrainConfig,
  { records, window, follow: { since, products } }: Pick<TrainState, 'records' | 'window' | 'follow'>,
): TrainSummary {
  const last = records.at(-1)!;
  const known = knownTopFraction(last);
  const measured = new Set(records.map(({ step }) => step));
  const apart = window.filter(({ step }) => !measured.has(step)).length; // one product each
  const fractions = records
    .filter(({ step }) => step > steps - length)
    .map((record) => knownTopFraction(record).middle);
  return {
    finalTopFraction: { ...last.topFraction, lower: known.lower, upper: known.upper },
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    finalTestAccuracy: last.testAccuracy,
    overlapWindow: overlapWindow(window),
    topFractionWindow: fractions.length === 0 ? null : { mean: mean(fractions), count: fractions.length },
    followed: direction === 'gradient' ? null : { since, products },
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + apart + products,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
