import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { gradientDimensions, type DimensionsAlong } from '../../probes/gradient-dimensions.js';
import { modelDimensions, type ModelDimensions } from '../../probes/model-dimensions.js';
import { xorDimensions, type XorDimensions } from '../../probes/xor-dimensions.js';
import { modularEvery, modularRuns, modularSeeds } from '../../shared/modular-runs.js';
import { probesAfter } from '../../shared/seeded.js';

/** Hidden units h of the networks 2-h-1: N = 4h + 1 from 81 to 2001. */
export const xorWidths = [20, 32, 50, 79, 126, 200, 316, 500] as const;
/** Full-batch descent on XOR, with 51 snapshots. */
export const xorSetting = { optimizer: { kind: 'sgd' }, learningRate: 0.1, steps: 1000, every: 20 } as const;
const xorSeeds = [1, 2, 3, 4, 5, 6] as const;

/** All widths, a task for each seed. */
export function xorTasks(scale: Scale): ProbeTask<XorDimensions[]>[] {
  const isFull = scale === 'full';
  const hidden = isFull ? xorWidths : xorWidths.slice(0, 4);
  return (isFull ? xorSeeds : xorSeeds.slice(0, 3)).map((seed) =>
    probeTask(xorDimensions, { ...xorSetting, hidden, seed }, { seconds: isFull ? 6 : 1 }),
  );
}

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

export const restingModel = { classes: 3, dim: 8, noise: 0.4, learningRate: 10, batch: 640, window: 10 } as const;

/** SGD at rest in the exact model, a data set for each seed. */
export function restingModels(scale: Scale): ProbeTask<ModelDimensions>[] {
  const [samples, windows] = scale === 'full' ? [20_000, 60] : [2000, 5];
  return modularSeeds.map((seed) =>
    probeTask(
      modelDimensions,
      { ...restingModel, samples, windows, between: 60, seed },
      { seconds: scale === 'full' ? 20 : 1 },
    ),
  );
}
