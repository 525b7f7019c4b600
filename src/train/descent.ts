import { NumericalError } from '../errors.js';
import type { BatchGradient, Statistics } from '../loss/objective.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { followedPart, type Direction, type FollowState } from './follow.js';
import { initialState, optimizerStep, type Optimizer, type OptimizerState, type Stretch } from './optimizer.js';
import { noPairs, type TopPairs } from './top-pairs.js';

/** Where a descent stands after `step` steps: all that the next one depends on. */
export interface DescentState<V extends FloatArray = FloatArray> {
  readonly step: number;
  /** Σ of the learning rates of the steps so far. */
  readonly time: number;
  readonly weights: V;
  readonly optimizer: OptimizerState;
  readonly statistics: Statistics;
  readonly follow: FollowState;
}

/** What a step is made of. */
export interface DescentRule<V extends FloatArray = FloatArray> {
  /** The gradient of the batch of the next step, in training mode. */
  readonly gradient: (state: DescentState<V>) => Promise<BatchGradient>;
  /** The learning rate η of a step. */
  readonly rate: (step: number) => number;
  /** SGD if left out. */
  readonly optimizer?: Optimizer;
  /** Stretches of θ with steps of their own; all of θ is stepped alike if left out. */
  readonly stretches?: readonly Stretch[];
  /** The part of the gradient that is followed, from `follow.since` on, and its subspace for the next step; all of it if left out. */
  readonly follow?: {
    readonly direction: Direction;
    /** The subspace for the next step, with what was spent on it. */
    readonly refreshed: (state: DescentState<V>) => Promise<FollowState>;
  };
}

const sgd: Optimizer = { kind: 'sgd' };

/** The state before the first step. `pairs`: the subspace to follow from the first step on, where there is one. */
export function atStart<V extends FloatArray>(
  weights: V,
  given: { readonly optimizer?: Optimizer; readonly statistics?: Statistics; readonly pairs?: TopPairs } = {},
): DescentState<V> {
  const { optimizer = sgd, statistics = {}, pairs } = given;
  return {
    step: 0,
    time: 0,
    weights,
    optimizer: initialState(optimizer, weights),
    statistics,
    follow: {
      pairs: pairs ?? noPairs(weights.length),
      since: pairs === undefined ? null : 0,
      averageDominance: null,
      products: 0,
    },
  };
}

/**
 * Descent along batch gradients: the states s₀, s₁, s₂, … without end. Whoever walks through them looks at each before the next step is made
 * (measures, saves, reports) and stops where it wants; nothing of that changes a state.
 *
 *   subspace refreshed → gradient g of the batch → its followed part → step of the optimizer
 *
 * Throws NumericalError where the loss of a batch or the next weights are no longer finite, and what the rule throws.
 */
export async function* descent<V extends FloatArray>(
  first: DescentState<V>,
  rule: DescentRule<V>,
): AsyncGenerator<DescentState<V>, never, void> {
  for (let state = first; ; state = await nextState(state, rule)) yield state;
}

async function nextState<V extends FloatArray>(
  state: DescentState<V>,
  { gradient: gradientAt, rate: rateOf, optimizer = sgd, stretches, follow: rule }: DescentRule<V>,
): Promise<DescentState<V>> {
  const { step, time, weights } = state;
  const follow = rule === undefined ? state.follow : await rule.refreshed(state);
  const { loss, gradient, statistics } = await gradientAt(state);
  const direction = rule === undefined || follow.since === null ? 'gradient' : rule.direction;
  const part = followedPart(gradient, direction, follow.pairs);
  const rate = rateOf(step);
  const moved = optimizerStep(optimizer, { parameters: weights, state: state.optimizer }, part, rate, stretches);
  if (!Number.isFinite(loss) || !moved.parameters.every(Number.isFinite)) {
    throw new NumericalError(`the loss of the batch of step ${step} is ${loss}, or the next weights are not finite`);
  }
  return { step: step + 1, time: time + rate, weights: moved.parameters, optimizer: moved.state, statistics, follow };
}
