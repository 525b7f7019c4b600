import { atStart, descent } from '../../../train/descent.js';
import { followedPairs, followedPart, type Direction } from '../../../train/follow.js';
import { firstPairs, type TopPairs } from '../../../train/top-pairs.js';
import { networkSnapshot } from '../../../loss/network-snapshot.js';
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
      const top = firstPairs(pairs, m);
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
        lossesAlong(network, args, { direction: stepParts[part], top }, (share) => {
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

/** Losses of gradient descent along a part of the full gradient, from before the first step on. */
export async function lossesAlong(
  { objective, weights: first, statistics }: TrainedNetwork,
  { m: count, tolerance, descent: { rate, steps, refresh }, config: { seed } }: DescentArguments,
  { direction, top }: { readonly direction: Direction; readonly top: TopPairs },
  onProgress: (share: number) => void,
): Promise<number[]> {
  const losses: number[] = [];
  let here = await objective.evaluate(first, statistics);
  const states = descent(atStart(first, { statistics, pairs: top }), {
    rate: () => rate,
    gradient: () => Promise.resolve({ ...here, statistics }),
    follow: {
      direction,
      async refreshed({ step, weights, follow }) {
        if (step === 0 || step % refresh !== 0 || direction === 'gradient') return follow;
        const hessian = objective.curvature('hessian', weights, { statistics });
        return { ...follow, pairs: await followedPairs(hessian, follow.pairs, { count, tolerance, seed }) };
      },
    },
  });
  for await (const { step, weights } of states) {
    if (step > 0) here = await objective.evaluate(weights, statistics);
    losses.push(here.loss);
    onProgress(step / steps);
    if (step === steps) break;
  }
  return losses;
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
