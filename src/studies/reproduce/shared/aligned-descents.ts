import type { Scale } from '../engine/experiment.js';
import type { ProbeTask } from '../engine/task.js';
import { decreaseAlong, type DecreaseAlong, type DescentArguments } from '../probes/decrease-along.js';
import { alignedRuns } from './aligned-runs.js';
import { probesAfter } from './seeded.js';

/** Learning rates of single steps: the smallest one shows the linear approximation. */
export const rates: readonly number[] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3];

/** The rate of training. */
export const trained = 0.1;

/** Gradient descent from aligned weights that follows a part in the top 10 eigenvectors. */
export function alignedDescent(scale: Scale): Pick<DescentArguments, 'm' | 'tolerance' | 'descent'> {
  return { m: 10, tolerance: 1e-4, descent: { rate: trained, steps: scale === 'full' ? 100 : 20, refresh: 5 } };
}

/** The decrease of the loss along g_top, g_bulk and g from the last weights of the aligned runs. */
export function alignedDescents(scale: Scale): ProbeTask<DecreaseAlong>[] {
  return probesAfter(
    alignedRuns(scale),
    decreaseAlong,
    (weights) => ({ ...weights, ...alignedDescent(scale), rates }),
    scale === 'full' ? 60 : 4,
  );
}
