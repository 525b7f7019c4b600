import { lawSeeds } from './law-settings.js';
import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import { setting } from './settings.js';

/** η and b of the runs: ten clients with 8 images a round. */
export const fewImagesRate = 0.1;
export const fewImagesBatch = 80;

/** FC 2×100 on 2000 images, three seeds: weights are kept at an early step, 20, and at the last, 400. */
export function fewImageRuns(scale: Scale): TrainTask[] {
  const config = setting(
    {
      data: { samples: 2000 },
      batch: fewImagesBatch,
      schedule: { kind: 'constant', rate: fewImagesRate },
      steps: 400,
      measureEvery: [20, 400],
      window: { length: 20, every: 20 },
      tolerance: 1e-2,
      keepWeights: 'all',
    },
    scale,
    { measurements: 2, every: 20, accuracy: 1e-2 },
  );
  return seededRuns(
    { ...config, measureEvery: scale === 'full' ? config.measureEvery : [10, config.steps] },
    scale === 'full' ? 15 : 4,
    lawSeeds,
  );
}

/** The early and the last step of such a run. */
export function earlyAndLast({ config }: Pick<TrainTask, 'config'>): readonly [number, number] {
  return [(config.measureEvery as readonly number[])[0]!, config.steps];
}
