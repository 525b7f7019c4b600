import { UsageError } from '../errors.js';
import { configuredRates } from './schedule.js';
import type { TrainConfig } from './train-config.js';
import type { TrainState } from './train-checkpoint.js';
import type { StopReason } from './train-document.js';
import type { TrainProblem } from './train-problem.js';

/** What of a flow time may be missing when it counts as reached: more than the rounding of a sum of 10⁷ learning rates, less than one of them. */
const timeRounding = 1e-9;

/**
 * The last step a run may take: `steps` or, with a flow time T to stop at, the first s with Σ_{t<s} η_t ≥ T (1 − 10⁻⁹), so that 0.1 + 0.1 + 0.1 is 0.3. Throws
 * UsageError where the steps do not last as long. Cost: O(steps) with a T, else none.
 */
export function lastStep(config: Pick<TrainConfig, 'steps' | 'schedule' | 'warmup' | 'stop'>): number {
  const { steps, stop } = config;
  if (stop === undefined || !('time' in stop)) return steps;
  const rate = configuredRates(config);
  let time = 0;
  for (let step = 0; step <= steps; step++) {
    if (time >= stop.time * (1 - timeRounding)) return step;
    time += rate(step);
  }
  throw new UsageError(
    `${steps} steps do not last until flow time ${stop.time}, the stop.time, but until ${time - rate(steps)}: take more steps, or leave it out`,
  );
}

/** Throws UsageError where nothing would be measured from `measureFrom` on, a flow time is out of reach, or a window has no known end. */
export function checkRunLength(config: TrainConfig): void {
  const { measureFrom = 0, stop, window } = config;
  const last = lastStep(config);
  if (measureFrom > last) {
    throw new UsageError(`measureFrom must be at most ${last}, the last step; received ${measureFrom}`);
  }
  if (stop !== undefined && 'loss' in stop && window.length > 0) {
    throw new UsageError(
      `a window of the last ${window.length} steps needs a last step that is known beforehand, which stop.loss leaves open: leave out one of them, and average over records`,
    );
  }
}

/** Is the loss of a stop looked for at a step? The configuration of a run says how often. */
export function isLookedFor({ every = 1 }: { readonly every?: number }, step: number): boolean {
  return step % every === 0;
}

/**
 * Does a run end at a state, and why? A loss is looked for every so many steps, whether anything is measured there or not: what is measured changes no length. Cost: a forward
 * pass over all samples where it is looked for.
 */
export async function stopReason(
  { objective, run: { config } }: Pick<TrainProblem, 'objective' | 'run'>,
  { step, weights, statistics }: Pick<TrainState, 'step' | 'weights' | 'statistics'>,
  last: number,
): Promise<StopReason | null> {
  const { stop, steps } = config;
  if (stop !== undefined && 'loss' in stop && isLookedFor(stop, step)) {
    const { loss } = await objective.score(weights, statistics);
    if (loss <= stop.loss) return 'loss';
  }
  if (step < last) return null;
  return last < steps || (stop !== undefined && 'time' in stop) ? 'time' : 'steps';
}
