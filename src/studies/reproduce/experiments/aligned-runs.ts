import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import type { Scale } from '../experiment.js';
import { trainTask, type TrainTask } from '../task.js';
import { seeds } from './settings.js';

/** Of the experiments that begin from a trained network. */

/** The paper's network (2×100, ReLU, batch 64, η = 0.1) on the first 5000 images, long after f_top(10) has come near 1; its last weights are kept. */
export function alignedConfig(scale: Scale): Omit<TrainConfig, 'seed'> {
  const steps = scale === 'full' ? 2000 : 300;
  return {
    ...trainDefaults,
    data: { ...trainDefaults.data, samples: scale === 'full' ? 5000 : 1000 },
    steps,
    measureEvery: steps,
    top: 11,
    accuracy: 1e-3,
    keepWeights: 'last',
  };
}

export function alignedRuns(scale: Scale): TrainTask[] {
  return seeds.map((seed) => trainTask({ ...alignedConfig(scale), seed }, scale === 'full' ? 15 : 3));
}
