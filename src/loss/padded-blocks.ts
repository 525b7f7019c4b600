import type { AsyncSymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import type { JointOperators, JointRequest } from '../numeric/kernels/joint-operators.js';
import { entriesOf, parametersOf, restricted, type ParameterLayout } from './parameters.js';

/**
 * Diagonal blocks of an operator on θ, by the patterns of their parameters: a product with a vector that is zero outside the block, of which the block is kept. Throws
 * UsageError for patterns that name no parameter. Cost: a product of the whole for each vector.
 */
export function paddedBlocks(
  operator: AsyncSymmetricOperator,
  layout: ParameterLayout,
  blocks: readonly (readonly string[])[],
): JointOperators {
  const places = blocks.map((patterns) => parametersOf(layout, patterns));
  const { specs, offsets, size } = layout;
  const ranges = places.map((own) =>
    own.map((place) => ({ from: offsets[place]!, length: entriesOf(specs[place]!.shape) })),
  );
  const dimensions = ranges.map((own) => own.reduce((sum, { length }) => sum + length, 0));
  const padded = ({ operator: block, block: vectors, columns }: JointRequest): Float64Array => {
    const result = new Float64Array(columns * size);
    let at = 0;
    for (let j = 0; j < columns; j++) {
      for (const { from, length } of ranges[block]!) {
        result.set(vectors.subarray(at, at + length), j * size + from);
        at += length;
      }
    }
    return result;
  };
  const kept = ({ operator: block, columns }: JointRequest, products: Float64Array): Float64Array => {
    const result = new Float64Array(columns * dimensions[block]!);
    for (let j = 0; j < columns; j++) {
      const product = products.subarray(j * size, (j + 1) * size);
      result.set(restricted(layout, places[block]!, product), j * dimensions[block]!);
    }
    return result;
  };
  return {
    dimensions,
    ...(operator.precision && { precision: operator.precision }),
    ...(operator.giveWay && { giveWay: () => operator.giveWay!() }),
    async apply(requests) {
      const products: Float64Array[] = [];
      for (const request of requests)
        products.push(kept(request, await operator.apply(padded(request), request.columns)));
      return products;
    },
  };
}
