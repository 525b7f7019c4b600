import { trainDefaults } from '../../../train/train-config.js';
import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import type { Setting } from './settings.js';

/** Seeds of the grokking runs; they also draw the sums that are trained on. */
export const modularSeeds = [1, 2, 3] as const;

/** Steps between two checkpoints of the grokking runs at full scale. */
export const modularEvery = 50;

/**
 * A decoder of two blocks (width 64, four heads) on half of the sums modulo 97, AdamW with η = 0.001, β = (0.9, 0.98), batch 512; embeddings begin as N(0, 0.02²).
 * All weights are kept every 50 steps. What is measured there is cheap: losses, accuracies, λ₁ to 10 %.
 */
const full: Setting = {
  ...trainDefaults,
  model: 'transformer:2,64,4',
  activation: 'gelu',
  initialisation: 'lecun-normal',
  data: { ...trainDefaults.data, source: 'modular:97,0.5' },
  schedule: { kind: 'constant', rate: 1e-3 },
  batch: 512,
  steps: 2400,
  measureEvery: modularEvery,
  subspace: 1,
  top: 2,
  tolerance: 0.1,
  effort: 0,
  keepWeights: 'all',
};

const quick: Setting = {
  ...full,
  model: 'transformer:2,16,2',
  data: { ...full.data, source: 'modular:11,0.5' },
  batch: 30,
  steps: 80,
  measureEvery: 10,
};

/** Grokking with weight decay λ = 1, and without: one run for each seed, with all its weights every 50 steps (of the first seed, every 10, where it is quick). */
export function modularRuns(scale: Scale, weightDecay: 0 | 1): TrainTask[] {
  const optimizer = { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay } as const;
  return scale === 'full'
    ? seededRuns({ ...full, optimizer }, 420, modularSeeds)
    : seededRuns({ ...quick, optimizer }, 4, modularSeeds.slice(0, 1));
}
