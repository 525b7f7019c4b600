import { trainDefaults, type TrainConfig } from '../../run/train-config.js';
import type { Scale } from '../experiment.js';
import { trainTask, type TrainTask } from '../task.js';

/** A run, but for its seed. */
export type Setting = Omit<TrainConfig, 'seed'>;

/** What is different from the paper's defaults. */
export type Change = Partial<Omit<Setting, 'data'>> & { readonly data?: Partial<TrainConfig['data']> };

/** Three epochs of batch 64 on 60,000 images. */
export const threeEpochs = 2814;

/** In the quick run every training has so many samples and steps, with a window of so many. */
const quick = { samples: 1000, steps: 100, window: 40 };

/**
 * The paper's defaults (MLP 2×100, ReLU, all of MNIST, batch 64, η = 0.1) with a change: overlap(g, Hg) every ten of the last 1000 steps,
 * and everything at the first step and at `measurements` even distances in these.
 */
export function setting({ data = {}, ...change }: Change, scale: Scale, measurements = 6): Setting {
  const full = { ...trainDefaults, steps: threeEpochs, ...change };
  const steps = scale === 'full' ? full.steps : Math.min(quick.steps, full.steps);
  const window = scale === 'full' ? { length: 1000, every: 10 } : { length: quick.window, every: 10 };
  const spacing = window.length / measurements;
  const { source } = { ...trainDefaults.data, ...data };
  const isFewer = scale === 'quick' && (source === 'mnist' || source === 'cifar10');
  return {
    ...full,
    top: change.top ?? 11,
    accuracy: 1e-3,
    keepWeights: change.keepWeights ?? 'last',
    window: change.window ?? window,
    steps,
    measureEvery:
      change.measureEvery ?? Array.from({ length: measurements }, (_, i) => steps - Math.round(i * spacing)).reverse(),
    data: { ...trainDefaults.data, ...data, ...(isFewer ? { samples: quick.samples } : {}) },
  };
}

/** One run for each seed, of about so many seconds each; first weights, batches, labels and sampled data differ, images do not. */
export function seededRuns(config: Setting, seeds: readonly number[], seconds: number): TrainTask[] {
  return seeds.map((seed) => trainTask({ ...config, seed }, seconds));
}
