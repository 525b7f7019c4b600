import { UsageError } from '../../errors.js';
import { broadcastShape, sameShape, showShape, tensor, type Operation, type Shape, type Tensor } from './tensor.js';

/** x stretched to a shape that it broadcasts to. Throws UsageError where it does not. */
export function broadcast(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShape(x.shape, shape), shape)) {
    throw new UsageError(`a tensor of shape ${showShape(x.shape)} does not broadcast to ${showShape(shape)}`);
  }
  return sameShape(x.shape, shape) ? x : tensor({ kind: 'broadcast' }, [unstretched(x)], shape);
}

/** x before it was stretched. */
export function unstretched(x: Tensor): Tensor {
  return x.operation.kind === 'broadcast' ? x.inputs[0]! : x;
}

/**
 * An operation on each entry, with NumPy's broadcasting of its operands. It is done before they are stretched: so broadcasts move
 * outwards, until an operation stretches its operand itself or sums it away, and are hardly ever carried out.
 */
export function entrywise(operation: Operation, operands: readonly Tensor[]): Tensor {
  const jointShape = (tensors: readonly Tensor[]): Shape => tensors.map(({ shape }) => shape).reduce(broadcastShape);
  const bare = operands.map(unstretched);
  return broadcast(tensor(operation, bare, jointShape(bare)), jointShape(operands));
}
