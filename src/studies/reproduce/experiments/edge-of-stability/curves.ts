import type { EdgeCurves } from '../../../../../figures/edge-of-stability.js';
import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { relativeSharpness } from './sharpness.js';

/** What the figure draws of a run. */
export function edgeCurves({ run, records }: TrainDocument): EdgeCurves {
  return {
    rate: run.config.schedule.rate,
    subspace: run.subspace,
    records: records.map((record) => ({
      time: record.time,
      sharpness: relativeSharpness(run, record),
      topFraction: knownTopFraction(record).middle,
      loss: record.loss,
    })),
  };
}
