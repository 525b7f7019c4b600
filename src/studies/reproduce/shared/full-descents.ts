import { trainDefaults } from '../../../train/train-config.js';
import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import type { Setting } from './settings.js';

/** Steps of gradient descent before methods part, and of each method then. */
export const descentSteps = { full: { before: 300, then: 100 }, quick: { before: 50, then: 10 } } as const;

/** Gradient descent of the paper's network on 5000 images, η = 0.1, measured where methods part and at the end. */
export function fullDescent(scale: Scale): Setting {
  const { before, then } = descentSteps[scale];
  return {
    ...trainDefaults,
    data: { ...trainDefaults.data, samples: scale === 'full' ? 5000 : 1000 },
    batch: null,
    schedule: { kind: 'constant', rate: 0.1 },
    follow: { direction: 'gradient', refresh: 1, from: 0, switch: null },
    steps: before + then,
    measureEvery: before,
    top: 11,
    accuracy: 1e-2,
    tolerance: 1e-2,
    keepWeights: 'last',
  };
}

export function fullDescents(scale: Scale): TrainTask[] {
  return seededRuns(fullDescent(scale), scale === 'full' ? 25 : 4);
}
