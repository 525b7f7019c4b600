import { UsageError } from '../../errors.js';
import { zeros } from '../../numeric/kernels/float-array.js';
import { isCounted } from '../../tensor/autodiff/index.js';
import type { Precision, Reals, Runtime } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import { isNamedBy } from '../parameters.js';
import type { Network } from './network.js';
import type { AnySamples } from './sample-sums.js';
import { sampledNetwork } from './sampled-network.js';

/** How and of what activations are computed. */
export interface LayerActivationOptions {
  readonly runtime: Runtime;
  /** Default 'f32'. */
  readonly precision?: Precision;
  /** Threads of one matrix product; default 1. */
  readonly threads?: number;
  /** Running averages of batch normalisation; none if left out. */
  readonly statistics?: Statistics;
  /** Names of layers, each for those within it too, `*` in them any text; all layers if left out. */
  readonly layers?: readonly string[];
}

/** What one layer gives for every sample. */
export interface LayerOutput {
  /** Of one sample: [units], [tokens, width], [channels, height, width]. */
  readonly shape: readonly number[];
  /** Samples one after the other, each row-major. */
  readonly values: Reals;
}

/**
 * What named layers of a network in evaluation give at θ for every sample, by name, in the order of the graph. Layers are named by `sequential`, one within the other with a dot
 * between (`block1.residual.dense`); those of an ONNX file are its values with an axis of samples. Own layers name what they like by `context.tap`.
 *
 * Throws UsageError for names of no layer, and for data or weights that do not fit. Cost: a forward pass; memory: what is returned, so choose layers where samples are many.
 */
export async function layerActivations(
  network: Network,
  weights: Reals,
  samples: AnySamples,
  { runtime, precision = 'f32', threads = 1, statistics = {}, layers }: LayerActivationOptions,
): Promise<ReadonlyMap<string, LayerOutput>> {
  const chosen = [...network.taps].filter(([name]) => layers?.some((one) => isNamedBy(one, name)) ?? true);
  const unknown = (layers ?? []).filter((one) => !chosen.some(([name]) => isNamedBy(one, name)));
  if (chosen.length === 0 || unknown.length > 0) {
    throw new UsageError(
      `no layer is named ${unknown.join(', ') || 'at all'}; those there are: ${[...network.taps.keys()].join(', ') || 'none: name them by sequential, or by context.tap'}`,
    );
  }
  const sampled = sampledNetwork(network, samples, {
    runtime,
    precision,
    threads,
    chunk: undefined,
    programs: new Map(),
  });
  const outputName = (name: string): string => `activation: ${name}`;
  const program = await sampled.program('activations', () =>
    Object.fromEntries(chosen.map(([name, tensor]) => [outputName(name), tensor])),
  );
  try {
    const chunks = await sampled.values(program, sampled.inputs(weights, statistics));
    return new Map(
      chosen.map(([name, { shape }]) => [
        name,
        {
          shape: shape.slice(1).map((dim) => (isCounted(dim) ? NaN : dim)),
          values: joined(
            chunks.map((outputs) => outputs[outputName(name)]!),
            precision,
          ),
        },
      ]),
    );
  } finally {
    await program.release();
  }
}

/** Arrays one after the other. */
function joined(parts: readonly Reals[], precision: Precision): Reals {
  const all = zeros(
    precision,
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
