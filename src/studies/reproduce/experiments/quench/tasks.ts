import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { modelQuench, type ModelQuench } from '../../probes/model-quench.js';
import { trainedQuench, type TrainedQuench } from '../../probes/trained-quench.js';
import { lawRuns, lawSeeds, reluLaw } from '../../shared/law-settings.js';
import { probesAfter } from '../../shared/seeded.js';
import { classes } from '../../shared/settings.js';

/** Steps of full batches, then of noise again. */
const quench = [0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30];
const recovery = [1, 2, 3, 4, 6, 8, 11, 15, 22, 30, 45, 60];

/** η, the batch of training, and those that noise comes back with. */
export const quenchRate = 0.1;
export const trainedBatch = 64;
export const batches = [16, trainedBatch, 256, 1024] as const;
/** The batch that is changed to without a quench. */
export const changed = 4 * trainedBatch;

/** From the last weights of the runs of the law with ReLU. */
export function trainedQuenches(scale: Scale): ProbeTask<TrainedQuench>[] {
  const isFull = scale === 'full';
  return probesAfter(
    lawRuns(reluLaw, scale),
    trainedQuench,
    (weights) => ({
      ...weights,
      m: classes,
      tolerance: 1e-3,
      learningRate: quenchRate,
      quench,
      recovery,
      own: [4, 8, 30],
      batches: isFull ? batches : [16, trainedBatch],
      changed,
      repeats: isFull ? 12 : 2,
      probes: isFull ? 4 : 2,
    }),
    isFull ? 90 : 6,
  );
}

export const modelSetting = { classes: 3, dim: 8, noise: 0.4, learningRate: 10, batch: 640 } as const;

/** In the exact model, a data set for each seed. */
export function modelQuenches(scale: Scale): ProbeTask<ModelQuench>[] {
  const [samples, starts] = scale === 'full' ? [20_000, 60] : [2000, 6];
  return lawSeeds.map((seed) =>
    probeTask(
      modelQuench,
      { ...modelSetting, samples, starts, between: 60, quench, recovery, seed },
      { seconds: scale === 'full' ? 30 : 2 },
    ),
  );
}
