import { rowsBetween } from '../../../data/rows.js';
import { layerActivations } from '../../../loss/network/layer-activations.js';
import { sampleGradientGram } from '../../../loss/network/sample-gradient-gram.js';
import type { AnySamples } from '../../../loss/network/sample-sums.js';
import { entriesOf } from '../../../loss/parameters.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { covarianceSpectrum, gramSpectrum } from '../../../observe/matrix-spectrum.js';
import type { Probe, ProbeContext } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments, type TrainedNetwork } from './at-weights.js';

export interface LayerSpectraArguments extends TrainedArguments {
  /** Layers whose outputs are taken, and weights of dense layers. */
  readonly layers: readonly string[];
  readonly weights: readonly string[];
  /** The gradients of how many samples, the first ones. */
  readonly gradients: number;
  /** Whether the first weights are looked at too. */
  readonly first: boolean;
}

/** Spectra by layer, descending. */
export interface LayerSpectra {
  /** Eigenvalues of the centred covariance of the outputs of a layer over all samples. */
  readonly activations: Readonly<Record<string, readonly number[]>>;
  /** Singular values of the matrix of gradients of single samples by a weight, not centred. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

export interface SpectraOfRun {
  readonly last: LayerSpectra;
  readonly first: LayerSpectra | null;
}

/**
 * The spectra of Spectral Lens (arXiv:2605.05683) at the last weights of a run, and at the first, in float64. Cost: two passes over the samples, n² numbers and O(n³) operations for
 * n gradients.
 */
export const layerSpectra: Probe<LayerSpectraArguments, SpectraOfRun> = {
  name: 'layer-spectra',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async (network) => {
      const last = await spectraAt(args, context, network);
      context.onProgress(0.5);
      const { reduce, initial } = network.problem;
      return {
        last,
        first: args.first ? await spectraAt(args, context, { ...network, weights: reduce(initial) }) : null,
      };
    }),
};

async function spectraAt(
  { layers, weights: named, gradients: most }: LayerSpectraArguments,
  { runtime, signal }: ProbeContext,
  { problem: { trained, inputs }, weights, statistics }: TrainedNetwork,
): Promise<LayerSpectra> {
  const samples = inputs();
  const options = { runtime, precision: 'f64', statistics } as const;
  const outputs = await layerActivations(trained, weights, samples, { ...options, layers });
  const some = firstOf(samples, Math.min(most, samples.count));
  const gradients: Record<string, number[]> = {};
  for (const weight of named) {
    signal.throwIfAborted();
    const gram = await sampleGradientGram(trained, weights, some, weight, options);
    gradients[weight] = Array.from(gramSpectrum(gram, some.count), Math.sqrt);
  }
  const covariance = (shape: readonly number[], values: FloatArray): number[] => [
    ...covarianceSpectrum({ rows: samples.count, columns: entriesOf(shape), data: Float64Array.from(values) }),
  ];
  return {
    activations: Object.fromEntries([...outputs].map(([name, { shape, values }]) => [name, covariance(shape, values)])),
    gradients,
  };
}

/** The first of the samples. */
function firstOf({ count, inputs, targets }: AnySamples, n: number): AnySamples {
  return {
    count: n,
    inputs: rowsBetween(inputs, inputs.length / count, 0, n),
    targets: targets.subarray(0, (targets.length / count) * n),
  };
}
