import type { Precision, Runtime } from '../../tensor/engine/index.js';
import type { Objective } from '../objective.js';
import { blockCurvatures } from './block-curvatures.js';
import { classGradients } from './class-gradients.js';
import { defaultBlock, defaultChunk } from './default-chunk.js';
import { curvatureOperator, keepingWithin } from './curvature-operator.js';
import { lossPoint, score } from './evaluation.js';
import { lastPass } from './last-pass.js';
import type { Network } from './network.js';
import { releasePrograms, type ProgramCache } from './program-cache.js';
import type { AnySamples } from './sample-sums.js';
import { sampleSlopes } from './sample-slopes.js';
import { sampledNetwork } from './sampled-network.js';

/** What an objective is computed on, and in which precision. */
export interface ObjectiveOptions {
  readonly runtime: Runtime;
  /** Of weights, samples and products; sums over samples are float64. Default 'f32'. */
  readonly precision?: Precision;
  /** Threads of one matrix product; default 1. */
  readonly threads?: number;
  /** Samples that one run of a graph takes; default by the size of the network. */
  readonly chunk?: number;
  /** Most directions in one graph; default 10, fewer for large networks. */
  readonly block?: number;
  /**
   * Bytes that may be kept of what all products at one θ share, in each precision; beyond, it is computed for every block. Default 256 MB. That of
   * the last evaluation stays kept.
   */
  readonly memory?: number;
  /** Compiled graphs, where several objectives of one network share them; who made it releases them. Default: the objective's own. */
  readonly programs?: ProgramCache;
}

/**
 * The training loss L(θ) = (1/n) Σ_i ℓ_i(θ) of a network in evaluation mode. Gradient and products are exact derivatives of the graph, up
 * to rounding; nothing is sampled.
 *
 * Throws UsageError where data do not fit the network. Memory: that of a chunk, whatever n. Cost of a product: about 1.2 gradients for each direction,
 * and one gradient more for each block.
 */
export function objective(network: Network, samples: AnySamples, options: ObjectiveOptions): Objective {
  const { runtime, precision = 'f32', threads = 1, memory = 2 ** 28, chunk } = options;
  const block = options.block ?? defaultBlock(network, chunk);
  const programs: ProgramCache = options.programs ?? new Map<string, never>();
  const sampled = sampledNetwork(network, samples, { runtime, precision, threads, chunk, programs });
  const keeping = keepingWithin(memory, sampled);
  const last = lastPass();
  let twin: Objective | undefined;
  const precise = (): Objective => (twin ??= preciseTwin(network, samples, options));

  const self: Objective = {
    layout: network.layout,
    precise: () => (precision === 'f64' ? self : precise()),
    evaluate: (weights, statistics = {}) => lossPoint(sampled, { weights, statistics }, { keeping, last }),
    score: (weights, statistics = {}) => score(sampled, weights, statistics),
    curvature(kind, weights, given = {}) {
      const { statistics = {}, layers } = given;
      const known = () => last.at(weights, statistics);
      const operator = curvatureOperator(sampled, { kind, weights, statistics, layers }, { block, keeping, known });
      if (precision === 'f64') return operator;
      return {
        ...operator,
        precise: (vectors: Float64Array, columns) => precise().curvature(kind, weights, given).apply(vectors, columns),
      };
    },
    blocks(kind, weights, blocks, statistics = {}) {
      const joint = blockCurvatures(sampled, { kind, weights, statistics, blocks }, { width: block, keeping });
      if (precision === 'f64') return joint;
      return { ...joint, precise: (requests) => precise().blocks(kind, weights, blocks, statistics).apply(requests) };
    },
    sampleSlopes: (weights, directions, columns, statistics = {}) =>
      sampleSlopes(sampled, { weights, statistics }, { directions, columns, block }),
    classGradients: (weights, statistics = {}) => classGradients(sampled, weights, statistics),
    async release() {
      last.forget();
      await twin?.release();
      if (options.programs === undefined) await releasePrograms(programs);
    },
  };
  return self;
}

/** The same in float64. Convolutions go through matrices of patches there: few images at a time. */
function preciseTwin(network: Network, samples: AnySamples, options: ObjectiveOptions): Objective {
  const { runtime, threads, block, memory } = options;
  const chunk = network.inputShape.length > 1 ? Math.min(4, defaultChunk(network)) : options.chunk;
  return objective(network, samples, {
    runtime,
    precision: 'f64',
    ...(memory !== undefined && { memory }),
    ...(threads !== undefined && { threads }),
    ...(block !== undefined && { block }),
    ...(chunk !== undefined && { chunk }),
  });
}
