import { trainDefaults } from '../../../../train/train-config.js';
import type { Scale } from '../../engine/experiment.js';
import type { ProbeTask, TrainTask } from '../../engine/task.js';
import { edgeOscillation, type EdgeOscillation } from '../../probes/edge-oscillation.js';
import { lawSeeds } from '../../shared/law-settings.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { classes, type Setting } from '../../shared/settings.js';

/** Learning rates, with the steps that take training well past the edge: the sharpness 2/η comes later for smaller ones. */
export const edgeRates = { slow: [0.075, 1100], middle: [0.1, 800], fast: [0.15, 500] } as const;

export type EdgeRate = keyof typeof edgeRates;

/** Measurements of a run after the first. */
const measurements = 20;

/** Gradient descent with the squared error, tanh 2×50 on 500 images. */
export function edgeRuns(name: EdgeRate, scale: Scale): TrainTask[] {
  const [rate, all] = edgeRates[name];
  const steps = scale === 'full' ? all : 20;
  const setting: Setting = {
    ...trainDefaults,
    model: 'mlp:50,50',
    activation: 'tanh',
    loss: 'squared-error',
    data: { ...trainDefaults.data, samples: scale === 'full' ? 500 : 100 },
    batch: null,
    schedule: { kind: 'constant', rate },
    steps,
    measureEvery: scale === 'full' ? steps / measurements : 10,
    top: classes + 1,
    tolerance: 1e-2,
    accuracy: 1e-2,
    keepWeights: 'last',
  };
  return seededRuns(setting, scale === 'full' ? 16 : 2, lawSeeds);
}

/** 40 steps more after each run, along the top eigenvector. */
export function edgeOscillations(name: EdgeRate, scale: Scale): ProbeTask<EdgeOscillation>[] {
  const [rate] = edgeRates[name];
  return probesAfter(
    edgeRuns(name, scale),
    edgeOscillation,
    (weights) => ({ ...weights, rate, steps: scale === 'full' ? 40 : 6, refresh: 5, tolerance: 1e-3 }),
    scale === 'full' ? 4 : 1,
  );
}
