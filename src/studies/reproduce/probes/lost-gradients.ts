import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { randomStream } from '../../../numeric/random.js';
import { atStart, descent } from '../../../train/descent.js';
import { followedPairs, followedPart } from '../../../train/follow.js';
import { noPairs, type TopPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { inScratch } from './in-scratch.js';

/** What of a gradient may be lost: single coordinates each on its own, or the part in the top space, or the rest, as a whole. */
export type LostPart = 'coordinates' | 'top' | 'bulk';

/** A part is lost with a probability at every step. */
export interface GradientLoss {
  readonly part: LostPart;
  readonly probability: number;
}

export interface LostGradientsArguments extends TrainedArguments {
  /** Step of the run whose weights the phase begins with, and how many steps it has. */
  readonly from: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly batch: number;
  readonly losses: readonly GradientLoss[];
  /** Dimension of the top space, the tolerance of its eigenvectors and the steps after which they are renewed. */
  readonly m: number;
  readonly tolerance: number;
  readonly refresh: number;
  /** Steps between two evaluations of the loss. */
  readonly every: number;
}

/** The training loss from before the first step on, every `every` steps. */
export interface LostGradients {
  readonly none: readonly number[];
  readonly lost: readonly (GradientLoss & { readonly losses: readonly number[] })[];
}

/**
 * SGD of which a part of every batch's gradient is lost, and is taken as zero, from weights of a run on. Batches are the same for all, and coins for all parts of one probability. Cost: a gradient of the batch for each step,
 * and where a part is lost about 1.5m products for each renewal.
 */
export const partlyLost: Probe<LostGradientsArguments, LostGradients> = {
  name: 'lost-gradients',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, async (_, at) => {
      const network = at(args.from);
      const [none, ...lost] = await inScratch([null, ...args.losses], args, context, (loss) =>
        lossesWith(network, loss, args),
      );
      return { none: none!, lost: args.losses.map((loss, i) => ({ ...loss, losses: lost[i]! })) };
    }),
};

async function lossesWith(
  { problem, objective, weights: first, statistics }: TrainedNetwork,
  loss: GradientLoss | null,
  { from, steps, learningRate, batch, m, tolerance, refresh, every, config: { seed } }: LostGradientsArguments,
): Promise<number[]> {
  let pairs: TopPairs = noPairs(first.length);
  const states = descent(atStart(first, { statistics }), {
    rate: () => learningRate,
    async gradient({ weights, step }) {
      if (loss !== null && loss.part !== 'coordinates' && step % refresh === 0) {
        const hessian = objective.curvature('hessian', weights, { statistics });
        pairs = await followedPairs(hessian, pairs, { count: m, tolerance, seed });
      }
      const stream = randomStream(seed, 'lost rows', from, step);
      const rows = Uint32Array.from({ length: batch }, () => stream.integer(problem.samples));
      const point = await problem.trainer.gradient(weights, statistics, rows, step);
      const gradient = loss === null ? point.gradient : keptGradient(point.gradient, loss, pairs, [seed, from, step]);
      return { ...point, gradient, statistics };
    },
  });
  const losses: number[] = [];
  for await (const { step, weights } of states) {
    if (step % every === 0) losses.push((await objective.score(weights, statistics)).loss);
    if (step === steps) break;
  }
  return losses;
}

/** What is left of a gradient. */
export function keptGradient<V extends FloatArray>(
  gradient: V,
  { part, probability }: GradientLoss,
  pairs: TopPairs,
  [seed, ...path]: readonly [number, ...number[]],
): V {
  const stream = randomStream(seed, 'lost', ...path);
  if (part === 'coordinates') return gradient.map((x) => (stream.uniform() < probability ? 0 : x)) as V;
  if (stream.uniform() >= probability) return gradient;
  return followedPart(gradient, part === 'top' ? 'bulk' : 'dominant', pairs);
}
