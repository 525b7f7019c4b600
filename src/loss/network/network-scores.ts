import type { FloatArray, Precision } from '../../numeric/kernels/float-array.js';
import type { Runtime } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import type { Network } from './network.js';
import { releasePrograms, type ProgramCache } from './program-cache.js';
import type { AnySamples } from './sample-sums.js';
import { sampledNetwork } from './sampled-network.js';

/** The scores of a network on some samples, as a function of θ. */
export interface NetworkScores {
  /** h(x; θ), one sample after the other. Cost: a forward pass. */
  readonly at: (weights: FloatArray, statistics?: Statistics) => Promise<Float64Array>;
  readonly release: () => Promise<void>;
}

/** What a network says of samples in evaluation mode. Throws UsageError where the samples do not fit the network. Memory: the scores of all of them. */
export function networkScores(
  network: Network,
  samples: AnySamples,
  { runtime, precision }: { readonly runtime: Runtime; readonly precision: Precision },
): NetworkScores {
  const programs: ProgramCache = new Map<string, never>();
  const sampled = sampledNetwork(network, samples, { runtime, precision, threads: 1, chunk: undefined, programs });
  return {
    async at(weights, statistics = {}) {
      const program = await sampled.program('scores', () => ({ scores: network.scores }));
      const chunks = await sampled.values(program, sampled.inputs(weights, statistics));
      return Float64Array.from(chunks.flatMap(({ scores }) => [...scores!]));
    },
    release: () => releasePrograms(programs),
  };
}
