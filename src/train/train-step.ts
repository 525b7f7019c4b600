import { NumericalError } from '../errors.js';
import { followedPart } from './follow.js';
import { optimizerStep } from './optimizer.js';
import { batchOf } from '../loss/network/samples.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import type { TrainState } from './train-checkpoint.js';
import type { TrainConfig } from './train-config.js';
import type { TrainRun } from './train-document.js';
import { refreshedFollow } from './train-follow.js';
import type { TrainProblem } from './train-problem.js';

/** One step of training. Throws NumericalError where the loss of the batch or the next weights are no longer finite. */
export async function nextState(
  config: TrainConfig,
  problem: TrainProblem,
  run: TrainRun,
  state: TrainState,
  batch: Uint32Array,
  rate: number,
): Promise<TrainState> {
  const { step, weights } = state;
  const { samples, trainer } = problem;
  const follow = await refreshedFollow(config, problem, run, state);
  const { loss, gradient, statistics } = await trainer.gradient(
    weights,
    state.statistics,
    batchOf(samples, batch),
    step,
  );
  const moved = optimizerStep(
    config.optimizer,
    { parameters: weights, state: state.optimizer },
    followedPart<FloatArray>(gradient, follow.since === null ? 'gradient' : config.follow.direction, follow.pairs),
    rate,
  );
  if (!Number.isFinite(loss) || !moved.parameters.every(Number.isFinite)) {
    throw new NumericalError(`the loss of the batch of step ${step} is ${loss}, or the next weights are not finite`);
  }
  return {
    ...state,
    step: step + 1,
    time: state.time + rate,
    weights: moved.parameters,
    optimizer: moved.state,
    statistics,
    follow,
    updates: lastUpdates(state, moved.parameters, config.updates),
  };
}

/** The last so many θ_{t+1} − θ_t, in the precision of θ. */
function lastUpdates({ weights, updates }: TrainState, next: FloatArray, count: number): readonly FloatArray[] {
  if (count === 0) return updates;
  return [...updates.slice(-(count - 1)), next.map((x, i) => x - weights[i]!)];
}
