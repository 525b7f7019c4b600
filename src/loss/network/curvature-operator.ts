import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { Tensor } from '../../tensor/autodiff/index.js';
import { entries } from '../../tensor/autodiff/tensor.js';
import type { Precision, Reals } from '../../tensor/engine/index.js';
import type { Curvature, Statistics } from '../objective.js';
import { checkLength, parameterLayout, parametersOf, parts, type ParameterLayout } from '../parameters.js';
import { directionInputs, productGraph, productName, productStages, type Differentiated } from './curvature-graphs.js';
import { directionsOf } from './directions.js';
import type { Pass } from './last-pass.js';
import type { Network } from './network.js';
import { toMeans, type SampledNetwork } from './sampled-network.js';

/** What a curvature is taken of. */
export interface CurvatureOf {
  readonly kind: Curvature;
  readonly weights: Reals;
  readonly statistics: Statistics;
  readonly layers: readonly string[] | undefined;
}

/** Whether what all products at one θ share is kept, by the name of their graph. */
export type Keeping = (name: string, shared: () => Readonly<Record<string, Tensor>>) => boolean;

/** Keeps it where it takes at most so many bytes; decided once for each name. */
export function keepingWithin(memory: number, { count, precision }: SampledNetwork): Keeping {
  const decided = new Map<string, boolean>();
  return (name, shared) => {
    const isKept = decided.get(name) ?? bytesOf(shared(), count, precision) <= memory;
    decided.set(name, isKept);
    return isKept;
  };
}

/** What an operator computes with, and what of it was computed before: all of the Hessian's shared part at its θ, where that is still known. */
export interface CurvatureOptions {
  readonly block: number;
  readonly keeping: Keeping;
  readonly known: () => Pass | undefined;
}

/** The name of the products of a curvature of some layers. */
export const curvatureName = (kind: Curvature, layers?: readonly string[]): string => `${kind} ${layers?.join() ?? ''}`;

/**
 * v ↦ H v or G v at one θ, at most `block` directions in one graph. What does not depend on the directions is computed once for this θ where it
 * is kept, else for every block. Throws UsageError for layers that are none.
 */
export function curvatureOperator(
  sampled: SampledNetwork,
  { kind, weights, statistics, layers }: CurvatureOf,
  { block, keeping, known }: CurvatureOptions,
): AsyncSymmetricOperator {
  const { network, precision, count, program } = sampled;
  const fixed = sampled.inputs(weights, statistics);
  const chosen = chosenParameters(network, layers);
  const { layout } = chosen;
  const dimension = layout.size;
  const name = curvatureName(kind, layers);
  const staged = (columns: number) => productStages(network, chosen, kind, directionInputs(chosen, columns));
  const isKept = keeping(name, () => staged(1).first);
  let shared: Promise<Pass> | undefined;
  const sharedPass = async (): Promise<Pass> =>
    (name === curvatureName('hessian') ? known() : undefined) ??
    sampled.values(await program(`${name} primal`, () => staged(1).first), fixed);

  /** Products of so many vectors, into zeros. */
  const multiply = async (vectors: Reals, columns: number, products: Float64Array): Promise<void> => {
    const graph = await (isKept
      ? program(`${name} ${columns}`, () => staged(columns).second)
      : program(`${name} ${columns} whole`, () =>
          productGraph(network, chosen, kind, directionInputs(chosen, columns)),
        ));
    const early = isKept ? await (shared ??= sharedPass()) : [];
    const { factors, inputs } = directionsOf(vectors, columns, layout, precision);
    const each = factors.map((_, j) => products.subarray(j * dimension, (j + 1) * dimension));
    const views = each.map((product, j) => parts(layout, product, (of) => productName(j, of)));
    await sampled.sums(graph, { ...fixed, ...inputs }, early, { into: Object.assign({}, ...views) as Views });
    each.forEach((product, j) => {
      toMeans(product, count, 1 / factors[j]!);
    });
  };
  return {
    dimension,
    precision,
    async apply(vectors: Reals, columns) {
      checkLength('vectors', vectors.length, columns * dimension);
      const products = new Float64Array(vectors.length);
      for (let from = 0; from < columns; from += block) {
        const width = Math.min(block, columns - from);
        const [begin, end] = [from * dimension, (from + width) * dimension];
        await multiply(vectors.subarray(begin, end), width, products.subarray(begin, end));
      }
      return products;
    },
  };
}

type Views = Readonly<Record<string, Float64Array>>;

/** Those of a network that patterns name, with their layout; all if left out. Throws UsageError for patterns that name none. */
export function chosenParameters(
  { layout, parameters }: Network,
  layers: readonly string[] | undefined,
): Differentiated & { readonly layout: ParameterLayout } {
  const places = parametersOf(layout, layers);
  const specs = places.map((i) => layout.specs[i]!);
  return {
    names: specs.map(({ name }) => name),
    tensors: places.map((i) => parameters[i]!),
    layout: parameterLayout(specs),
  };
}

function bytesOf(tensors: Readonly<Record<string, Tensor>>, samples: number, precision: Precision): number {
  const numbers = Object.values(tensors).reduce((sum, { shape }) => {
    const { factor, perSample } = entries(shape);
    return sum + factor * (perSample ? samples : 1);
  }, 0);
  return numbers * (precision === 'f32' ? 4 : 8);
}
