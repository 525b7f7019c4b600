import { atStart } from './descent.js';
import type { Observable } from './observables/observable.js';
import { noPairs } from './top-pairs.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainRun } from './train-document.js';
import type { TrainProblem } from './train-problem.js';

/** How a run begins. */
export interface TrainStart {
  readonly run: TrainRun;
  readonly state: TrainState;
}

/** With the first weights of the problem; observables of the caller's own are part of the run. */
export function trainStart(
  { run, initial, initialStatistics, reduce }: TrainProblem,
  { observables: own = [] }: { readonly observables?: readonly Observable[] } = {},
): TrainStart {
  const weights = reduce(initial);
  return {
    run: { ...run, ...(own.length === 0 ? {} : { observables: own.map(({ id }) => id) }) },
    state: {
      ...atStart(weights, { optimizer: run.config.optimizer, statistics: initialStatistics }),
      pairs: noPairs(weights.length),
      updates: [],
      records: [],
      window: [],
    },
  };
}
