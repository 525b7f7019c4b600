import { randomStream } from '../../../numeric/random.js';
import { spanOf, type Span } from '../../../observe/span-fraction.js';
import { atStart, descent, type DescentState } from '../../../train/descent.js';
import { followedPairs } from '../../../train/follow.js';
import { noPairs, type TopPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { alongRun, type TrainedArguments, type TrainedNetwork } from './at-weights.js';
import { clientRows, roundRows, type ClientSplit } from './clients.js';
import { inScratch } from './in-scratch.js';

/** What clients send in a compressed round: all, or the part in the server's top space, in the last gradients, or in a random space. */
export const compressions = ['none', 'top', 'last', 'random'] as const;
export type Compression = (typeof compressions)[number];

export interface CompressedRoundsArguments extends TrainedArguments {
  /** Step of the run at which the rounds begin. */
  readonly from: number;
  readonly split: ClientSplit;
  readonly clients: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly rounds: number;
  /** In each cycle of so many rounds the first `whole` are not compressed, and the rest is to a space that is then new. */
  readonly cycle: number;
  /** As many as the spaces have dimensions: the last gradients are those of these rounds. */
  readonly whole: number;
  readonly tolerance: number;
  /** Rounds between two evaluations of the loss. */
  readonly every: number;
}

/** The loss of all samples, from before the first round on, every `every` rounds. */
export type CompressedRounds = Readonly<Record<Compression, readonly number[]>>;

/**
 * Federated SGD of which clients send only the projection on a subspace that they share with the server. All kinds send the same rounds whole. Projections are linear, so that the mean of those of the clients is that of
 * their mean. Cost: a gradient of the round's samples for each, and for the top space about 1.5 products a dimension and cycle.
 */
export const compressedRounds: Probe<CompressedRoundsArguments, CompressedRounds> = {
  name: 'compressed-rounds',
  revision: 1,
  run: (args, context) =>
    alongRun(args, context, async (_, at) => {
      const network = at(args.from);
      const losses = await inScratch(compressions, args, context, (kind) => lossesOf(network, kind, args));
      return Object.fromEntries(compressions.map((kind, i) => [kind, losses[i]!])) as unknown as CompressedRounds;
    }),
};

async function lossesOf(
  { problem, objective, weights: first, statistics }: TrainedNetwork,
  kind: Compression,
  args: CompressedRoundsArguments,
): Promise<number[]> {
  const { split, clients, batch, learningRate, rounds, cycle, whole, tolerance, every, config } = args;
  const { seed } = config;
  const own = clientRows(problem.inputs(), split, clients, seed);
  const isWhole = (step: number): boolean => kind === 'none' || step % cycle < whole;
  const sent: Float64Array[] = [];
  const spaceAt = async ({ step, weights, follow }: DescentState): Promise<TopPairs> => {
    if (kind === 'last') return pairsOf(spanOf(sent.splice(0)));
    if (kind === 'random') return pairsOf(randomSpan(weights.length, whole, seed, step));
    const hessian = objective.curvature('hessian', weights, { statistics });
    return followedPairs(hessian, follow.pairs, { count: whole, tolerance, seed });
  };
  const states = descent(atStart(first, { statistics, pairs: noPairs(first.length) }), {
    rate: () => learningRate,
    gradient: async ({ weights, step }) => {
      const rows = roundRows(own, batch, seed, split, 'compressed', step);
      const point = await problem.trainer.gradient(weights, statistics, rows, step);
      if (kind === 'last' && isWhole(step)) sent.push(Float64Array.from(point.gradient));
      return { ...point, statistics };
    },
    follow: {
      direction: 'dominant',
      async refreshed(state) {
        const { step, follow } = state;
        if (isWhole(step)) return { ...follow, since: null };
        return { ...follow, since: step, pairs: step % cycle === whole ? await spaceAt(state) : follow.pairs };
      },
    },
  });
  const losses: number[] = [];
  for await (const { step, weights } of states) {
    if (step % every === 0) losses.push((await objective.score(weights, statistics)).loss);
    if (step === rounds) break;
  }
  return losses;
}

/** A basis in the place of eigenvectors, whose values are not looked at. */
function pairsOf({ dimension, rank, vectors }: Span): TopPairs {
  return { dimension, values: new Float64Array(rank), vectors, errors: new Float64Array(rank) };
}

function randomSpan(dimension: number, rank: number, seed: number, step: number): Span {
  return spanOf(
    Array.from({ length: rank }, (_, i) => {
      const stream = randomStream(seed, 'random space', step, i);
      return Float64Array.from({ length: dimension }, () => stream.normal());
    }),
  );
}
