import type { Scale } from '../../engine/experiment.js';
import { probeTask, type ProbeTask } from '../../engine/task.js';
import { modelDimensions, type ModelDimensions } from '../../probes/model-dimensions.js';
import { xorDimensions, type XorDimensions } from '../../probes/xor-dimensions.js';
import { modularSeeds } from '../../shared/modular-runs.js';

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
