import { firstMaximum, multiply, stages, total, type Stages, type Tensor } from '../../tensor/autodiff/index.js';
import { compile, type Precision, type Program, type Reals, type Runtime } from '../../tensor/engine/index.js';
import { UsageError } from '../../errors.js';
import { zeros } from '../../numeric/kernels/float-array.js';
import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { unitFactor } from '../../numeric/kernels/unit-scale.js';
import {
  directionInputs,
  gradientGraph,
  gradientName,
  directionName,
  productGraph,
  productName,
  type Curvature,
} from './curvature-graphs.js';
import type { Network } from './network.js';
import { classGradientGraph, classSelector, crossSelector, type ClassGradients } from './papyan-split.js';
import { entries } from '../../tensor/autodiff/tensor.js';
import { entriesOf, inPrecision, parameterLayout, parts, type ParameterLayout } from './parameters.js';
import { chunkValues, sampleSums, type Samples } from './sample-sums.js';

/** What an objective is computed on, and in which precision. */
export interface ObjectiveOptions {
  readonly runtime: Runtime;
  /** Of weights, samples and products; sums over samples are float64. Default 'f32'. */
  readonly precision?: Precision;
  /** Threads of one matrix product; default 1. */
  readonly threads?: number;
  /** Samples that one run of a graph takes; default by the size of the network. */
  readonly chunk?: number;
  /** Most directions in one graph; default 10. */
  readonly block?: number;
  /** Bytes that may be kept of what all products at one θ share; beyond, it is computed for every block. Default 256 MB. */
  readonly memory?: number;
  /** Compiled graphs, where several objectives of one network share them; who made it releases them. Default: the objective's own. */
  readonly programs?: ProgramCache;
}

/** The compiled graphs of one network, by what they compute. */
export type ProgramCache = Map<string, Promise<Program>>;

/** Loss and gradient of the mean over all samples at one θ. */
export interface LossPoint {
  readonly loss: number;
  /** Share of samples whose largest score is that of their class (the first of equal ones). */
  readonly accuracy: number;
  readonly gradient: Float64Array;
}

/** Mean loss of a network over a data set, with its derivatives by θ. Statistics of batch normalisation are constants, by name. */
export interface Objective {
  readonly layout: ParameterLayout;
  /** L(θ), its gradient and what else comes with one pass over the samples. */
  readonly evaluate: (weights: Reals, statistics?: Readonly<Record<string, Reals>>) => Promise<LossPoint>;
  /** v ↦ H v or G v at θ. `layers`: the block of the parameters whose names begin with one of these, and a dot; all if left out. */
  readonly curvature: (
    kind: Curvature,
    weights: Reals,
    options?: { readonly statistics?: Readonly<Record<string, Reals>>; readonly layers?: readonly string[] },
  ) => AsyncSymmetricOperator;
  /** The sums behind Papyan's split of the Gauss–Newton matrix, k² gradients. Cross-entropy only. */
  readonly classGradients: (weights: Reals, statistics?: Readonly<Record<string, Reals>>) => Promise<ClassGradients>;
  /** The same loss, of the same samples and weights, in float64: what the rounding of float32 is measured by. Itself in float64. */
  readonly precise: () => Objective;
  /** Frees the graphs that were loaded; nothing can be computed afterwards. */
  readonly release: () => Promise<void>;
}

/**
 * The training loss L(θ) = (1/n) Σ_i ℓ_i(θ) of a network in evaluation mode. Gradient and products are exact derivatives of the graph, up
 * to rounding; nothing is sampled.
 *
 * Throws UsageError where data do not fit the network. Memory: that of a chunk, whatever n. Cost of a product: about 1.2 gradients for each direction,
 * and one gradient more for each block.
 */
export function objective(network: Network, samples: Samples, options: ObjectiveOptions): Objective {
  const { runtime, precision = 'f32', threads = 1, block = 10, memory = 2 ** 28 } = options;
  checkSamples(network, samples, precision);
  const { layout } = network;
  let twin: Objective | undefined;
  // Float64 convolutions go through matrices of patches: few images at a time.
  const preciseChunk = network.inputShape.length > 1 ? 4 : options.chunk;
  const precise = (): Objective =>
    (twin ??= objective(network, samples, {
      runtime,
      precision: 'f64',
      threads,
      block,
      memory: 0,
      ...(preciseChunk === undefined ? {} : { chunk: preciseChunk }),
    }));
  const chunk = options.chunk ?? defaultChunk(network);
  const programs: ProgramCache = options.programs ?? new Map<string, Promise<Program>>();
  const kept = new Map<string, boolean>();
  const program = (key: string, outputs: () => Parameters<typeof compile>[1]): Promise<Program> => {
    const known = programs.get(key);
    if (known !== undefined) return known;
    const made = compile(runtime, outputs(), { precision, threads });
    programs.set(key, made);
    return made;
  };
  const fixedInputs = (weights: Reals, statistics: Readonly<Record<string, Reals>>): Record<string, Reals> => ({
    ...parts(layout, inPrecision(weights, precision)),
    ...Object.fromEntries(Object.entries(statistics).map(([name, value]) => [name, inPrecision(value, precision)])),
  });

  const self: Objective = {
    layout,
    precise: () => (precision === 'f64' ? self : precise()),
    async evaluate(weights, statistics = {}) {
      checkLength('weights', weights.length, layout.size);
      const evaluation = await program('evaluate', () => ({
        loss: network.loss,
        correct: total(multiply(firstMaximum(network.scores, 1), network.targets)),
        ...gradientGraph(network, allParameters(network)),
      }));
      const sums = await sampleSums(evaluation, samples, chunk, fixedInputs(weights, statistics), [], precision);
      return {
        loss: sums.loss![0]! / samples.count,
        accuracy: sums.correct![0]! / samples.count,
        gradient: assemble(layout, gradientName, sums, samples.count),
      };
    },
    curvature(kind, weights, { statistics = {}, layers } = {}) {
      checkLength('weights', weights.length, layout.size);
      const chosen = someParameters(network, layers);
      const fixed = fixedInputs(weights, statistics);
      const name = `${kind} ${layers?.join() ?? ''}`;
      const staged = (columns: number): Stages => {
        const directions = directionInputs(chosen, columns);
        return stages(productGraph(network, chosen, kind, directions), new Set(directions.flat()));
      };
      // What does not depend on the directions is computed once for this θ, where there is room for it.
      const isKept = kept.get(name) ?? bytesOf(staged(1).first, samples.count, precision) <= memory;
      kept.set(name, isKept);
      let primal: Promise<readonly Readonly<Record<string, Reals>>[]> | undefined;
      const products = async (vectors: Float64Array, columns: number): Promise<Float64Array[]> => {
        const graph = await program(`${name} ${columns}`, () =>
          isKept ? staged(columns).second : productGraph(network, chosen, kind, directionInputs(chosen, columns)),
        );
        if (isKept) {
          primal ??= program(`${name} primal`, () => staged(1).first).then((known) =>
            chunkValues(known, samples, chunk, fixed, precision),
          );
        }
        const inputs: Record<string, Reals> = { ...fixed };
        // Directions are given at a length of order 1, whatever theirs: products with a gradient of 1e-35 are none of f32's numbers.
        const factors = Array.from({ length: columns }, (_, j) => {
          const vector = vectors.subarray(j * chosen.layout.size, (j + 1) * chosen.layout.size);
          const factor = unitFactor(vector);
          const direction = zeros(precision, vector.length);
          for (let i = 0; i < vector.length; i++) direction[i] = factor * vector[i]!;
          Object.assign(
            inputs,
            parts(chosen.layout, direction, (name) => directionName(j, name)),
          );
          return factor;
        });
        const sums = await sampleSums(graph, samples, chunk, inputs, await primal, precision);
        return factors.map((factor, j) =>
          assemble(chosen.layout, (name) => productName(j, name), sums, samples.count, 1 / factor),
        );
      };
      const dimension = chosen.layout.size;
      const exact = (): AsyncSymmetricOperator =>
        precise().curvature(kind, weights, { statistics, ...(layers === undefined ? {} : { layers }) });
      return {
        dimension,
        ...(precision === 'f64' ? {} : { precise: (vectors, columns) => exact().apply(vectors, columns) }),
        async apply(vectors: Float64Array, columns: number) {
          checkLength('vectors', vectors.length, columns * dimension);
          const result = new Float64Array(vectors.length);
          for (let from = 0; from < columns; from += block) {
            const count = Math.min(block, columns - from);
            const part = vectors.subarray(from * dimension, (from + count) * dimension);
            (await products(part, count)).forEach((product, j) => {
              result.set(product, (from + j) * dimension);
            });
          }
          return result;
        },
      };
    },
    async classGradients(weights, statistics = {}) {
      const k = network.outputs;
      const graph = await program('class gradients', () => classGradientGraph(network));
      const fixed = fixedInputs(weights, statistics);
      const unit = (c: number): Reals =>
        inPrecision(
          Float64Array.from({ length: k }, (_, i) => (i === c ? 1 : 0)),
          precision,
        );
      const [masses, gradients]: [number[], Float64Array[]] = [[], []];
      for (let pair = 0; pair < k * k; pair++) {
        const selectors = { [classSelector]: unit(Math.floor(pair / k)), [crossSelector]: unit(pair % k) };
        const sums = await sampleSums(graph, samples, chunk, { ...fixed, ...selectors }, [], precision);
        masses.push(sums.weight![0]! / samples.count);
        gradients.push(assemble(layout, gradientName, sums, samples.count));
      }
      return { classes: k, weights: Float64Array.from(masses), sums: gradients };
    },
    async release() {
      await twin?.release();
      if (options.programs === undefined) await releasePrograms(programs);
    },
  };
  return self;
}

/** Frees every graph of a cache that objectives share, and empties it: `await releasePrograms(programs)` after the last of them. */
export async function releasePrograms(programs: ProgramCache): Promise<void> {
  for (const made of programs.values()) await (await made).release();
  programs.clear();
}

interface ChosenParameters {
  readonly names: readonly string[];
  readonly tensors: Network['parameters'];
  readonly layout: ParameterLayout;
}

function allParameters({ layout, parameters }: Network): ChosenParameters {
  return { names: layout.specs.map(({ name }) => name), tensors: parameters, layout };
}

function someParameters(network: Network, layers: readonly string[] | undefined): ChosenParameters {
  if (layers === undefined) return allParameters(network);
  const { specs } = network.layout;
  const belongs = (name: string): boolean => layers.some((layer) => name.startsWith(`${layer}.`));
  const chosen = specs.flatMap((spec, i) => (belongs(spec.name) ? [i] : []));
  const unknown = layers.filter((layer) => !specs.some(({ name }) => name.startsWith(`${layer}.`)));
  if (unknown.length > 0 || chosen.length === 0) {
    const known = [...new Set(specs.map(({ name }) => name.slice(0, name.lastIndexOf('.'))))];
    throw new UsageError(
      `no parameter belongs to ${unknown.join(', ') || 'no layer'}; the layers are ${known.join(', ')}`,
    );
  }
  return {
    names: chosen.map((i) => specs[i]!.name),
    tensors: chosen.map((i) => network.parameters[i]!),
    layout: parameterLayout(chosen.map((i) => specs[i]!)),
  };
}

/** The vector of sums by parameter over n, times a power of two; 0 where the graph has none. */
function assemble(
  { specs, offsets, size }: ParameterLayout,
  nameOf: (name: string) => string,
  sums: Readonly<Record<string, Float64Array>>,
  n: number,
  power = 1,
): Float64Array {
  const result = new Float64Array(size);
  specs.forEach(({ name }, i) => {
    const sum = sums[nameOf(name)];
    if (sum !== undefined) result.set(sum, offsets[i]);
  });
  for (let i = 0; i < size; i++) result[i] = (result[i]! / n) * power;
  return result;
}

function bytesOf(tensors: Readonly<Record<string, Tensor>>, samples: number, precision: Precision): number {
  const numbers = Object.values(tensors).reduce((sum, { shape }) => {
    const { factor, perSample } = entries(shape);
    return sum + factor * (perSample ? samples : 1);
  }, 0);
  return numbers * (precision === 'f32' ? 4 : 8);
}

/** Few enough samples that what a graph holds of them stays near the processor: 8 MB of inputs and parameters' products. */
function defaultChunk({ inputShape }: Network): number {
  return inputShape.length > 1 ? 32 : Math.max(16, Math.min(1000, Math.floor(1e6 / entriesOf(inputShape))));
}

function checkSamples(
  { inputShape, outputs }: Network,
  { count, inputs, targets }: Samples,
  precision: Precision,
): void {
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`at least one sample is needed, received ${count}`);
  checkLength('inputs', inputs.length, count * entriesOf(inputShape));
  checkLength('targets', targets.length, count * outputs);
  if (precision === 'f32' && !(inputs instanceof Float32Array && targets instanceof Float32Array)) {
    throw new UsageError(`samples of precision ${precision} are needed, received ${inputs.constructor.name}`);
  }
}

function checkLength(what: string, received: number, needed: number): void {
  if (received !== needed) throw new UsageError(`${what} must hold ${needed} numbers, received ${received}`);
}
