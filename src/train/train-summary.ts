import { batchMeans } from '../numeric/statistics/batch-means.js';
import { knownTopFraction } from './known-top-fraction.js';
import { overlapWindow } from './overlap-window.js';
import { lastStep } from './run-length.js';
import type { TrainConfig } from './train-config.js';
import type { TrainState } from './train-checkpoint.js';
import type { StopReason, TrainSummary } from './train-document.js';

/** `stopped`: why the run ended, which is said where a stop was asked for. */
export function summariseTraining(
  config: TrainConfig,
  { records, window, follow: { since, products } }: Pick<TrainState, 'records' | 'window' | 'follow'>,
  stopped: StopReason,
): TrainSummary {
  const last = records.at(-1)!;
  const known = knownTopFraction(last);
  const measured = new Set(records.map(({ step }) => step));
  const apart = window.filter(({ step }) => !measured.has(step)).length; // one product each
  const windowStart = lastStep(config) - config.window.length;
  const fractions = records.filter(({ step }) => step > windowStart).map((record) => knownTopFraction(record).middle);
  return {
    finalTopFraction: { ...last.topFraction, lower: known.lower, upper: known.upper },
    finalLoss: last.loss,
    finalAccuracy: last.accuracy,
    finalTestAccuracy: last.testAccuracy,
    overlapWindow: overlapWindow(window),
    topFractionWindow: fractions.length === 0 ? null : topFractionWindow(fractions),
    followed: config.follow.direction === 'gradient' ? null : { since, products },
    hessianVectorProducts: records.reduce((sum, record) => sum + record.hessianVectorProducts, 0) + apart + products,
    ...(config.stop === undefined ? {} : { stopped }),
  };
}

function topFractionWindow(fractions: readonly number[]): TrainSummary['topFractionWindow'] {
  const { mean, count, standardError } = batchMeans(fractions);
  return { mean, count, standardError, last: fractions.at(-1)! };
}
