import { UsageError } from '../../../errors.js';
import { add, isCounted, matmul, reshape } from '../../../tensor/autodiff/index.js';
import { counted, entries } from '../../../tensor/autodiff/tensor.js';
import type { Layer, LayerEntry } from '../layer.js';

/**
 * z = x Wᵀ + b at each sample, or at each position of a sequence: x [n, …, in], W [units, in], b [units]. All positions of all samples are the
 * rows of one matrix product.
 */
export function dense(units: number, { bias = true } = {}): Layer {
  return (x, context) => {
    const features = x.shape.at(-1);
    if (x.shape.length < 2 || x.shape.length > 3 || features === undefined || isCounted(features)) {
      throw new UsageError(
        `a dense layer takes inputs of shape [n, features] or [n, tokens, features], received [${x.shape.join(', ')}]; flatten first`,
      );
    }
    const before = x.shape.slice(0, -1);
    const rows = reshape(x, [counted(entries(before).factor), features]);
    const product = matmul(rows, context.parameter('weight', [units, features], 'weight'), { transposeB: true });
    context.product('weight', rows, product);
    return reshape(bias ? add(product, context.parameter('bias', [units], 'bias')) : product, [...before, units]);
  };
}

export const denseEntry: LayerEntry = {
  name: 'dense',
  call: 'dense(units, { bias })',
  help: 'z = x Wᵀ + b, at each position of a sequence',
  example: [dense(3), [4]],
};
