import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { stages, type Stages, type Tensor } from '../../tensor/autodiff/index.js';
import { entries } from '../../tensor/autodiff/tensor.js';
import type { Precision, Reals } from '../../tensor/engine/index.js';
import type { Curvature, Statistics } from '../objective.js';
import { checkLength, parameterLayout, parametersOf, type ParameterLayout } from '../parameters.js';
import { directionInputs, productGraph, productName, type Differentiated } from './curvature-graphs.js';
import { directionsOf } from './directions.js';
import type { Network } from './network.js';
import { assembled, type SampledNetwork } from './sampled-network.js';

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

/**
 * v ↦ H v or G v at one θ, at most `block` directions in one graph. What does not depend on the directions is computed once for this θ where it
 * is kept, else for every block. Throws UsageError for layers that are none.
 */
export function curvatureOperator(
  sampled: SampledNetwork,
  { kind, weights, statistics, layers }: CurvatureOf,
  { block, keeping }: { readonly block: number; readonly keeping: Keeping },
): AsyncSymmetricOperator {
  const { network, precision, count, program } = sampled;
  const fixed = sampled.inputs(weights, statistics);
  const chosen = chosenParameters(network, layers);
  const { layout } = chosen;
  const name = `${kind} ${layers?.join() ?? ''}`;
  const staged = (columns: number): Stages => {
    const directions = directionInputs(chosen, columns);
    return stages(productGraph(network, chosen, kind, directions), new Set(directions.flat()));
  };
  const isKept = keeping(name, () => staged(1).first);
  let shared: Promise<readonly Readonly<Record<string, Reals>>[]> | undefined;

  const products = async (vectors: Float64Array, columns: number): Promise<Float64Array[]> => {
    const graph = await program(`${name} ${columns}`, () =>
      isKept ? staged(columns).second : productGraph(network, chosen, kind, directionInputs(chosen, columns)),
    );
    if (isKept) {
      shared ??= program(`${name} primal`, () => staged(1).first).then((first) => sampled.values(first, fixed));
    }
    const { factors, inputs } = directionsOf(vectors, columns, layout, precision);
    const sums = await sampled.sums(graph, { ...fixed, ...inputs }, await shared);
    return factors.map((factor, j) => assembled(layout, (of) => productName(j, of), sums, count, 1 / factor));
  };
  return inBlocks(layout.size, block, products);
}

/** An operator whose products are computed for at most `block` vectors at once. */
function inBlocks(
  dimension: number,
  block: number,
  products: (vectors: Float64Array, columns: number) => Promise<readonly Float64Array[]>,
): AsyncSymmetricOperator {
  return {
    dimension,
    async apply(vectors, columns) {
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
}

function chosenParameters(
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
