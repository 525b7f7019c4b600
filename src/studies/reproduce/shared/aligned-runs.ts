import { trainDefaults } from '../../../train/train-config.js';
import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';

/** The paper's network (2×100, ReLU, batch 64, η = 0.1) on the first 5000 images, long after f_top(10) has come near 1; its last weights are kept. */
export function alignedRuns(scale: Scale): TrainTask[] {
  const steps = scale === 'full' ? 2000 : 300;
  const config = {
    ...trainDefaults,
    data: { ...trainDefaults.data, samples: scale === 'full' ? 5000 : 1000 },
    steps,
    measureEvery: steps,
    top: 11,
    accuracy: 1e-3,
    keepWeights: 'last',
  } as const;
  return seededRuns(config, scale === 'full' ? 15 : 3);
}
