import type { LossPoint, Objective } from '../../../loss/objective.js';
import { objective } from '../../../loss/network/objective.js';
import type { Network } from '../../../loss/network/network.js';
import { parametersOf, restricted } from '../../../loss/parameters.js';
import { zeros, type FloatArray } from '../../../numeric/kernels/float-array.js';
import { sharedRanks, weightSensitivity } from '../../../observe/weight-sensitivity.js';
import { followedPairs } from '../../../train/follow.js';
import { noPairs, type TopPairs } from '../../../train/top-pairs.js';
import type { Probe, ProbeContext } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';
import { denseLayers, type DenseLayer } from './dense-layers.js';
import { inScratch } from './in-scratch.js';
import { lowRankNetwork } from './low-rank-network.js';
import { covarianceRows, curvatureRows, randomRows, shareCaught, type LowRankRows } from './low-rank-starts.js';
import { descendAlong } from './plain-descent.js';
import { transposedTask } from './transposed-task.js';

/** How A is chosen. */
export type LowRankStart = 'random' | 'covariance' | 'hessian';

export const lowRankStarts: readonly LowRankStart[] = ['random', 'covariance', 'hessian'];

export interface LowRankAdaptationArguments extends TrainedArguments {
  readonly ranks: readonly number[];
  /** The rank a layer at which the same sum of ranks is also shared out by sensitivity, with A from W Cov(x). */
  readonly shared: number;
  /** Top eigenvectors of each layer's block of the Hessian, and the residual over its norm that they may have. */
  readonly eigenvectors: number;
  readonly tolerance: number;
  /** Of gradient descent, by all samples. */
  readonly rate: number;
  readonly steps: number;
}

/** A descent on the target task. */
export interface LowRankDescent {
  /** Of the layers, first to last. */
  readonly ranks: readonly number[];
  /** The loss before the first step, …, after the last. */
  readonly losses: readonly number[];
  /** How much of the squared gradient of all weights an update B A can have at the start: the decrease of the loss by the first step over that by all weights, to first order. */
  readonly caught: number;
}

export interface LowRankAdaptation {
  readonly layers: readonly string[];
  /** mean |W ⊙ ∇W| of each layer. */
  readonly sensitivities: readonly number[];
  /** The losses where all weights are trained, biases are not. */
  readonly full: readonly number[];
  readonly descents: readonly (LowRankDescent & { readonly start: LowRankStart; readonly rank: number })[];
  readonly shared: LowRankDescent;
}

/**
 * A trained perceptron adapted to its images transposed by updates B A of low rank, A frozen, B from 0 by gradient descent: with A random, from the SVD of W Cov(x) (TLoRA,
 * arXiv:2604.18124), or from the top of the Hessian. Rows of A are orthonormal, so that each follows the gradient by W projected on them. Kept part by part. Cost: a gradient a step, and
 * the eigenvectors of each layer's block.
 */
export const lowRankAdaptation: Probe<LowRankAdaptationArguments, LowRankAdaptation> = {
  name: 'low-rank-adaptation',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ problem, weights }) => {
      const { config, ranks, shared, eigenvectors: count, tolerance } = args;
      const { network } = problem;
      const theta = problem.expand(weights);
      const samples = transposedTask(config).target;
      const loss = (of: Network): Objective =>
        objective(of, samples, { runtime: context.runtime, precision: config.precision });
      const layers = denseLayers(network.layout, theta, samples, config.activation);
      const whole = loss(network);
      const { gradient } = await whole.evaluate(theta);
      const slopes = layers.map(({ name }) => ofLayer(network, name, gradient));
      const tops = await topsOf(whole, theta, layers, { count, tolerance, seed: config.seed });
      const rowsOf: Record<LowRankStart, (layer: DenseLayer, rank: number, i: number) => LowRankRows> = {
        random: (layer, rank) => randomRows(layer, rank, config.seed),
        covariance: covarianceRows,
        hessian: (layer, rank, i) => curvatureRows(layer, tops[i]!, rank),
      };
      const descend = async (start: LowRankStart, ranksOf: readonly number[]): Promise<LowRankDescent> => {
        const rows = layers.map((layer, i) => rowsOf[start](layer, ranksOf[i]!, i));
        const squares = slopes.map((slope) => slope.reduce((sum, x) => sum + x * x, 0));
        const inside = layers.map(({ features }, i) => squares[i]! * shareCaught(slopes[i]!, rows[i]!, features));
        const byName = new Map(layers.map(({ name }, i) => [name, rows[i]!]));
        const adapted = loss(lowRankNetwork(network, theta, config, layers, byName));
        try {
          const losses = await lossesOf(adapted, zeros(config.precision, adapted.layout.size), args, context);
          return { ranks: ranksOf, losses, caught: total(inside) / total(squares) };
        } finally {
          await adapted.release();
        }
      };
      const sensitivities = layers.map((layer, i) => weightSensitivity(layer.weights, slopes[i]!));
      const most = layers.map(({ units, features }) => Math.min(units, features));
      const even = (rank: number): number[] => layers.map(() => rank);
      const byGradient = (point: LossPoint): Float64Array => weightsOnly(network, point.gradient);
      const parts = [
        { kind: 'full' } as const,
        { kind: 'shared' } as const,
        ...ranks.flatMap((rank) => lowRankStarts.map((start) => ({ kind: 'start', start, rank }) as const)),
      ];
      try {
        const found = await inScratch(parts, args, context, async (part) => {
          if (part.kind === 'full')
            return { ranks: most, losses: await lossesOf(whole, theta, args, context, byGradient), caught: 1 };
          if (part.kind === 'start') return descend(part.start, even(part.rank));
          return descend('covariance', sharedRanks(sensitivities, shared * layers.length, most));
        });
        return {
          layers: layers.map(({ name }) => name),
          sensitivities,
          full: found[0]!.losses,
          shared: found[1]!,
          descents: parts.flatMap((part, i) =>
            part.kind === 'start' ? [{ ...found[i]!, start: part.start, rank: part.rank }] : [],
          ),
        };
      } finally {
        await whole.release();
      }
    }),
};

/** The losses of gradient descent from θ. `part`: what of the gradient is followed. */
async function lossesOf(
  loss: Objective,
  first: FloatArray,
  { rate, steps }: Pick<LowRankAdaptationArguments, 'rate' | 'steps'>,
  { signal }: Pick<ProbeContext, 'signal'>,
  part: (point: LossPoint) => Float64Array = ({ gradient }) => gradient,
): Promise<number[]> {
  const losses: number[] = [];
  await descendAlong(first, { rate, steps, signal }, async ({ weights }) => {
    const point = await loss.evaluate(weights);
    losses.push(point.loss);
    return part(point);
  });
  return losses;
}

/** The top eigenpairs of the block of each layer's weights. */
async function topsOf(
  loss: Objective,
  theta: FloatArray,
  layers: readonly DenseLayer[],
  search: { readonly count: number; readonly tolerance: number; readonly seed: number },
): Promise<TopPairs[]> {
  const tops: TopPairs[] = [];
  for (const { name } of layers) {
    const block = loss.curvature('hessian', theta, { layers: [`${name}.weight`] });
    tops.push(await followedPairs(block, noPairs(block.dimension), search));
  }
  return tops;
}

const ofLayer = ({ layout }: Network, name: string, vector: Float64Array): Float64Array =>
  restricted(layout, parametersOf(layout, [`${name}.weight`]), vector);

/** A gradient without its entries by biases. */
function weightsOnly({ layout: { specs, offsets } }: Network, gradient: Float64Array): Float64Array {
  const result = gradient.slice();
  specs.forEach(({ role }, i) => {
    if (role !== 'weight') result.fill(0, offsets[i], offsets[i + 1] ?? result.length);
  });
  return result;
}

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
