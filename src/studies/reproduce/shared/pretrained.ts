import { trainDefaults } from '../../../train/train-config.js';
import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { lawSeeds } from './law-settings.js';
import { seededRuns } from './seeded.js';

/** ReLU 2×50 trained on 1000 images by SGD (batch 64, η = 0.1): where adaptation to another task begins. */
export function pretrainedRuns(scale: Scale): TrainTask[] {
  const steps = scale === 'full' ? 600 : 60;
  const setting = {
    ...trainDefaults,
    model: 'mlp:50,50',
    data: { ...trainDefaults.data, samples: scale === 'full' ? 1000 : 200 },
    steps,
    measureEvery: steps,
    top: 11,
    tolerance: 1e-1,
    accuracy: 0.1,
    keepWeights: 'last',
  } as const;
  return seededRuns(setting, scale === 'full' ? 5 : 2, lawSeeds);
}
