import type { Scale } from '../engine/experiment.js';
import type { ProbeTask } from '../engine/task.js';
import { gradientDimensions, type DimensionsAlong } from '../probes/gradient-dimensions.js';
import { modularEvery, modularRuns } from './modular-runs.js';
import { probesAfter } from './seeded.js';

/** Where the runs are looked at: with weight decay, where they grok, more closely. */
const looks = {
  1: {
    steps: [0, 100, 200, 400, 600, 800, 1000, 1200, 1350, 1500, 1650, 1800, 2000, 2200, 2400],
    hessianAt: [600, 1200, 1800, 2400],
  },
  0: { steps: [600, 800, 1000, 1200, 1500, 1800, 2100, 2400], hessianAt: [] },
} as const;

/** Batches of the dimension over samples, and the updates of that over time. */
export const dimensionBatches = { batches: 32, samples: 64 } as const;
export const updatesWindow = 10;

/** Along the grokking runs, with weight decay and without. */
export function modularDimensions(scale: Scale, weightDecay: 0 | 1): ProbeTask<DimensionsAlong>[] {
  const settings =
    scale === 'full'
      ? { ...looks[weightDecay], ...dimensionBatches, probes: 2, window: updatesWindow, every: modularEvery }
      : {
          steps: [0, 40, 80],
          hessianAt: weightDecay === 1 ? [80] : [],
          batches: 8,
          samples: 10,
          probes: 1,
          window: 3,
          every: 10,
        };
  return probesAfter(
    modularRuns(scale, weightDecay),
    gradientDimensions,
    (weights) => ({ ...weights, ...settings }),
    scale === 'full' ? [20, 50][weightDecay]! : 2,
  );
}
