import { UsageError } from '../../errors.js';
import { inputPrecision } from '../../data/rows.js';
import { precisionOf, zeros } from '../../numeric/kernels/float-array.js';
import type { Tensor } from '../../tensor/autodiff/index.js';
import { compile, type Precision, type Program, type Reals, type Runtime } from '../../tensor/engine/index.js';
import type { Statistics } from '../objective.js';
import { checkLength, entriesOf, inPrecision, parts } from '../parameters.js';
import { targetCount, type Network } from './network.js';
import type { ProgramCache } from './program-cache.js';
import { chunkValues, sampleSums, type AnySamples, type SumOptions } from './sample-sums.js';

type Inputs = Readonly<Record<string, Reals>>;

/** A network on its samples: graphs that are compiled once, run over all samples in chunks, and summed. */
export interface SampledNetwork {
  readonly network: Network;
  readonly precision: Precision;
  /** How many samples there are. */
  readonly count: number;
  /** The compiled graph of a name, made where it is asked for first. */
  readonly program: (name: string, outputs: () => Readonly<Record<string, Tensor>>) => Promise<Program>;
  /** θ and statistics as inputs. Throws UsageError where θ has another length. */
  readonly inputs: (weights: Reals, statistics: Statistics) => Record<string, Reals>;
  /** Σ over samples of each output; `early`: what each chunk is given besides. */
  readonly sums: (
    program: Program,
    inputs: Inputs,
    early?: readonly Inputs[],
    options?: Omit<SumOptions, 'precision'>,
  ) => Promise<Record<string, Float64Array>>;
  /** The outputs of each chunk, as they are. */
  readonly values: (program: Program, inputs: Inputs) => Promise<readonly Inputs[]>;
}

export interface SamplingOptions {
  readonly runtime: Runtime;
  readonly precision: Precision;
  readonly threads: number;
  /** Samples that one run of a graph takes; default by the size of the network. */
  readonly chunk: number | undefined;
  readonly programs: ProgramCache;
}

/** Throws UsageError where the samples do not fit the network. Memory: that of a chunk. */
export function sampledNetwork(network: Network, samples: AnySamples, options: SamplingOptions): SampledNetwork {
  const { runtime, precision, threads, programs, chunk = defaultChunk(network) } = options;
  checkSamples(network, samples, precision);
  const constants = constantInputs(network, precision);
  return {
    network,
    precision,
    count: samples.count,
    program(name, outputs) {
      const known = programs.get(name);
      if (known !== undefined) return known;
      const made = compile(runtime, outputs(), { precision, threads });
      programs.set(name, made);
      return made;
    },
    inputs(weights, statistics) {
      checkLength('weights', weights.length, network.layout.size);
      return {
        ...constants,
        ...parts(network.layout, inPrecision(weights, precision)),
        ...Object.fromEntries(Object.entries(statistics).map(([name, value]) => [name, inPrecision(value, precision)])),
      };
    },
    sums: (program, inputs, early, given) =>
      sampleSums(program, samples, chunk, inputs, early, { ...given, precision }),
    values: (program, inputs) => chunkValues(program, samples, chunk, inputs, precision),
  };
}

/** Sums over n samples become means, times a power of two. */
export function toMeans(sums: Float64Array, n: number, power = 1): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i]! / n) * power;
}

/** The c-th unit row [1, k]. */
export function unitRow(c: number, k: number, precision: Precision): Reals {
  return zeros(precision, k).fill(1, c, c + 1);
}

/** Samples times parameters times directions that one run of a graph goes through: a second or two, in which nothing else is heard. */
const longest = 1e10;

/**
 * Few enough samples that what a graph holds of them stays near the processor, 8 MB of inputs and parameters' products, and that a run with one
 * direction is no longer than that.
 */
export function defaultChunk({ inputShape, layout }: Pick<Network, 'inputShape' | 'layout'>): number {
  if (inputShape.length > 1) return 32;
  const near = Math.max(16, Math.min(1000, Math.floor(1e6 / entriesOf(inputShape))));
  return Math.min(near, Math.max(1, Math.floor(longest / layout.size)));
}

/** Most directions in one graph: 10, or as many as one run has the time for. Products are the same bytes however many there are. */
export function defaultBlock(network: Pick<Network, 'inputShape' | 'layout'>, chunk = defaultChunk(network)): number {
  return Math.max(1, Math.min(10, Math.floor(longest / (chunk * network.layout.size))));
}

/** Arrays that are not trained, in a precision. */
export function constantInputs({ constants }: Network, precision: Precision): Record<string, Reals> {
  return Object.fromEntries([...constants].map(([name, { values }]) => [name, inPrecision(values, precision)]));
}

function checkSamples(network: Network, { count, inputs, targets }: AnySamples, precision: Precision): void {
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`at least one sample is needed, received ${count}`);
  checkLength('inputs', inputs.length, count * entriesOf(network.inputShape));
  checkLength('targets', targets.length, count * targetCount(network));
  if (precision === 'f32' && !(inputPrecision(inputs) === 'f32' && targets instanceof Float32Array)) {
    throw new UsageError(
      `samples of precision ${precision} are needed, received inputs of ${inputPrecision(inputs)} and targets of ${precisionOf(targets)}`,
    );
  }
}
