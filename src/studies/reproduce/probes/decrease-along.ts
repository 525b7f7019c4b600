import { followedPairs, followedPart, type Direction, type FollowedPairs } from '../../../train/follow.js';
import { networkSnapshot } from '../../../loss/network/network-snapshot.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { predictedChange, topFraction, type ChangeRange } from '../../../observe/index.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments, type TrainedNetwork } from './at-weights.js';

export interface DescentArguments extends TrainedArguments {
  /** Of g_top = P_m g. */
  readonly m: number;
  /** Residual over ‖H‖ of the eigenvectors. */
  readonly tolerance: number;
  /** Gradient descent from the same weights: its rate, its steps, and every how many the top space is computed anew. */
  readonly descent: { readonly rate: number; readonly steps: number; readonly refresh: number };
}

export interface DecreaseAlongArguments extends DescentArguments {
  /** Learning rates of single steps. */
  readonly rates: readonly number[];
}

/** The parts of a step: g_top, g_bulk = g − g_top, and g. */
export const stepParts = { top: 'dominant', bulk: 'bulk', all: 'gradient' } as const;
export type StepPart = keyof typeof stepParts;

export interface DecreaseAlong {
  readonly topFraction: { readonly lower: number; readonly upper: number };
  readonly squaredGradient: number;
  readonly eigenvalues: readonly number[];
  /** Changes of the loss by one step. */
  readonly steps: readonly (Readonly<
    Record<'firstOrder' | 'secondOrder' | 'actual', Readonly<Record<StepPart, number>>>
  > & {
    readonly rate: number;
  })[];
  /** The loss along gradient descent that follows a part alone, from before the first step on. */
  readonly descents: Readonly<Record<StepPart, readonly number[]>>;
}

/**
 * How much the loss falls along g_top and g_bulk at the weights of a run: predicted to first and second order and computed, for one step and for
 * many (GRD18, §2; Song, Ahn & Yun, arXiv:2405.16002). Cost: the eigenpairs, a gradient for each rate and part, and for the descents
 * about 1.5m products for each renewal.
 */
export const decreaseAlong: Probe<DecreaseAlongArguments, DecreaseAlong> = {
  name: 'decrease-along',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => {
      const { m, tolerance, rates, config } = args;
      const { objective, weights, statistics } = network;
      const search = { tolerance, seed: config.seed, verify: false, blockSize: 1 };
      const { snapshot, pairs } = await networkSnapshot(objective, weights, {
        top: m + 2,
        time: 0,
        statistics,
        ...search,
      });
      const n = pairs.dimension;
      const top = { ...pairs, values: pairs.values.subarray(0, m), vectors: pairs.vectors.subarray(0, m * n) };
      const steps = [];
      for (const rate of rates) {
        const { firstOrder, secondOrder } = predictedChange(snapshot, m, rate);
        const actual = await eachPart(async (part) => {
          const moved = stepped(weights, followedPart(snapshot.gradient, stepParts[part], top), rate);
          return (await objective.evaluate(moved, statistics)).loss - snapshot.loss;
        });
        steps.push({ rate, firstOrder: middles(firstOrder), secondOrder: middles(secondOrder), actual });
      }
      const parts = Object.keys(stepParts).length;
      let done = 0;
      const descents = await eachPart((part) =>
        descend(network, args, { direction: stepParts[part], top }, (share) => {
          context.signal.throwIfAborted();
          if (share === 1) done++;
          context.onProgress((share === 1 ? done : done + share) / parts);
        }),
      );
      const { lower, upper } = topFraction(snapshot, m);
      const squaredGradient = snapshot.gradient.reduce((sum, x) => sum + x * x, 0);
      const eigenvalues = [...pairs.values].slice(0, m + 1);
      return { topFraction: { lower, upper }, squaredGradient, eigenvalues, steps, descents };
    }),
};

/** Losses of gradient descent along a part of the full gradient. */
export async function descend(
  { objective, weights: first, statistics }: TrainedNetwork,
  { m, tolerance, descent: { rate, steps, refresh }, config: { seed } }: DescentArguments,
  start: { readonly direction: Direction; readonly top: FollowedPairs },
  onProgress: (share: number) => void,
): Promise<number[]> {
  let [weights, top] = [first, start.top];
  const losses: number[] = [];
  for (let step = 0; ; step++) {
    const { loss, gradient } = await objective.evaluate(weights, statistics);
    losses.push(loss);
    onProgress(step / steps);
    if (step === steps) return losses;
    if (step > 0 && step % refresh === 0 && start.direction !== 'gradient') {
      const hessian = objective.curvature('hessian', weights, { statistics });
      top = await followedPairs(hessian, top, { count: m, tolerance, seed });
    }
    weights = stepped(weights, followedPart(gradient, start.direction, top), rate);
  }
}

function stepped(weights: FloatArray, direction: Float64Array, rate: number): FloatArray {
  return weights.map((w, i) => w - rate * direction[i]!);
}

/** The middle of each range; they have a width only where the cut is degenerate. */
function middles({ top, bulk, all }: { top: ChangeRange; bulk: ChangeRange; all: number }): Record<StepPart, number> {
  const middle = ({ lower, upper }: ChangeRange): number => (lower + upper) / 2;
  return { top: middle(top), bulk: middle(bulk), all };
}

/** One after the other. */
async function eachPart<T>(of: (part: StepPart) => Promise<T>): Promise<Record<StepPart, T>> {
  return { top: await of('top'), bulk: await of('bulk'), all: await of('all') };
}
