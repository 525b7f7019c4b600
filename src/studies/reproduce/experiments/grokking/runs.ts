import { trainDefaults } from '../../../../train/train-config.js';
import type { Scale } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { seededRuns } from '../../shared/seeded.js';
import type { Setting } from '../../shared/settings.js';

/** One block of width 128 with four heads on 30 % of the sums modulo 97, AdamW with weight decay 1; embeddings begin as N(0, 0.02²). */
const full: Setting = {
  ...trainDefaults,
  model: 'transformer:1,128,4',
  activation: 'gelu',
  initialisation: 'lecun-normal',
  data: { ...trainDefaults.data, source: 'modular:97,0.3' },
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 1 },
  schedule: { kind: 'constant', rate: 1e-3 },
  batch: 512,
  steps: 2500,
  measureEvery: [0, 10, 30, 60, 100, 150, 200, 300, 500, 800, 1200, 1500, 1650, 1800, 2000, 2500],
  subspace: 10,
  top: 11,
  tolerance: 1e-2,
  accuracy: 0.03,
  keepWeights: 'last',
};

const quick: Setting = {
  ...full,
  model: 'transformer:1,16,2',
  data: { ...full.data, source: 'modular:11,0.5' },
  batch: 30,
  steps: 40,
  measureEvery: [0, 20, 40],
};

/** One run for each seed, which also draws the sums that are trained on. */
export function grokkingRuns(scale: Scale): TrainTask[] {
  return scale === 'full' ? seededRuns(full, 420) : seededRuns(quick, 4);
}
