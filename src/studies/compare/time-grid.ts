import { UsageError } from '../../errors.js';

/** Steps of a training run that stops at given flow times; on rung j each is 2^j times as long, so rung 0 is the finest. */
export interface TimeGrid {
  readonly times: readonly number[];
  /** Steps up to each time, on rung 0. */
  readonly finestSteps: readonly number[];
  /** Learning rate of a step (0, 1, 2, …) of a rung. */
  readonly rate: (rung: number, step: number) => number;
}

/**
 * Each interval between times is cut into equal steps, of length at most `largestStep` on the coarsest of the rungs. The flow time is the
 * sum of the learning rates, so that any times are met exactly.
 *
 * Throws UsageError unless times ascend from above 0 and the step is positive.
 */
export function timeGrid(times: readonly number[], largestStep: number, rungs: number): TimeGrid {
  if (times.length === 0 || times.some((t, i) => !(t > (times[i - 1] ?? 0) && Number.isFinite(t)))) {
    throw new UsageError(
      `times must ascend and be larger than 0, received ${times.join(', ') || 'none'}; for example 4,12,36`,
    );
  }
  if (!(largestStep > 0 && Number.isFinite(largestStep))) {
    throw new UsageError(`the step must be a number above 0, received ${largestStep}; for example 0.5`);
  }
  const coarsest = times.map((t, i) => Math.ceil((t - (times[i - 1] ?? 0)) / largestStep - 1e-9));
  const ends = coarsest.map((_, i) => coarsest.slice(0, i + 1).reduce((sum, n) => sum + n, 0));
  const finest = 2 ** (rungs - 1);
  return {
    times,
    finestSteps: ends.map((n) => n * finest),
    rate(rung, step) {
      const interval = ends.findIndex((end) => (step * 2 ** rung) / finest < end);
      return ((times[interval]! - (times[interval - 1] ?? 0)) / coarsest[interval]!) * (2 ** rung / finest);
    },
  };
}
