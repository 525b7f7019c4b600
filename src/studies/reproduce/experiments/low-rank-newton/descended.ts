import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { descentSteps, fullDescent } from '../../shared/full-descents.js';
import { seededRuns } from '../../shared/seeded.js';
import type { Setting } from '../../shared/settings.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

/** Gradient descent with η = 0.1 that becomes low-rank Newton with η = 1. */
export function newtonRuns(scale: Scale): TrainTask[] {
  const { before } = descentSteps[scale];
  const config: Setting = {
    ...fullDescent(scale),
    schedule: { kind: 'step', rate: 0.1, factor: 10, every: before },
    follow: { direction: 'newton', refresh: 1, from: before, switch: null },
  };
  return seededRuns(config, scale === 'full' ? 70 : 4);
}

/** The further decrease by Newton over that by gradient descent alone. */
export function fromDescended(
  plain: readonly TrainDocument[],
  runs: readonly TrainDocument[],
  scale: Scale,
): Measurement {
  const { before } = descentSteps[scale];
  const lossAt = ({ records }: TrainDocument, step: number): number =>
    records.find((record) => record.step === step)!.loss;
  const fall = (run: TrainDocument): number => lossAt(run, before) - run.summary.finalLoss;
  const topFraction = meanOfValues(
    runs.map(({ records }) => knownTopFraction(records.find(({ step }) => step === before)!).upper),
  );
  return {
    values: runs.map((run, i) => fall(run) / fall(plain[i]!)),
    beside: {
      'loss before': meanOfValues(runs.map((run) => lossAt(run, before))),
      'loss after': meanOfValues(runs.map(({ summary }) => summary.finalLoss)),
      'by gradient descent': meanOfValues(plain.map(({ summary }) => summary.finalLoss)),
      'f_top(10) before, at most': topFraction,
      'products for its subspace': meanOfValues(runs.map(({ summary }) => summary.followed!.products)),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), follow: runs[0]!.run.config.follow },
    ...(topFraction < 0.5 && {
      reason:
        'gradient descent, which has no noise, leaves little of its gradient in the top space before, so that a step in it does little',
    }),
  };
}
