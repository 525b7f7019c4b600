import { entries, lengthOf, topologicalOrder, type Tensor } from '../../tensor/autodiff/tensor.js';
import type { Network } from './network.js';

/** Multiply-adds of a network's loss for each sample: those of matrix products, those of convolutions, and one for each number that anything else computes. */
export interface MultiplyAdds {
  readonly products: number;
  readonly convolutions: number;
  readonly others: number;
}

/** Counted on the graph of the loss. Cost: one walk through it. */
export function multiplyAdds({ loss }: Pick<Network, 'loss'>): MultiplyAdds {
  const sum = { products: 0, convolutions: 0, others: 0 };
  for (const node of topologicalOrder([loss])) {
    const { factor } = entries(node.shape);
    if (node.operation.kind === 'matmul') sum.products += factor * innerLength(node);
    else if (node.operation.kind === 'convolve') sum.convolutions += factor * windowLength(node);
    else if (node.operation.kind !== 'input' && node.operation.kind !== 'reshape') sum.others += factor;
  }
  return sum;
}

function innerLength({ operation, inputs: [a] }: Tensor): number {
  const isTransposed = operation.kind === 'matmul' && operation.transposeA;
  return lengthOf(a!.shape.at(isTransposed ? -2 : -1)!, 1);
}

/** Numbers of a filter. */
function windowLength({ inputs: [, filters] }: Tensor): number {
  return filters!.shape.slice(1).reduce<number>((product, dim) => product * lengthOf(dim, 1), 1);
}
