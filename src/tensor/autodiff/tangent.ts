import { UsageError } from '../../errors.js';
import { rules, type Derivative } from './rules.js';
import { sameShape, showShape, topologicalOrder, type Tensor } from './tensor.js';

/**
 * The derivatives of the outputs as the given tensors move in the given directions: forward accumulation of the JVP rules. So
 * H v is the tangent of the gradient in the direction v. Outputs that do not move have tangent undefined.
 * Throws UsageError where a direction has not the shape of its tensor. Cost of the result: 1 to 2 times that of the outputs.
 */
export function tangent(outputs: readonly Derivative[], directions: ReadonlyMap<Tensor, Tensor>): Derivative[] {
  for (const [at, direction] of directions) {
    if (!sameShape(at.shape, direction.shape)) {
      throw new UsageError(
        `a direction of shape ${showShape(direction.shape)} was given to a tensor of ${showShape(at.shape)}`,
      );
    }
  }
  const tangents = new Map<Tensor, Derivative>(directions);
  for (const node of topologicalOrder(outputs.filter((output) => output !== undefined))) {
    if (tangents.has(node)) continue;
    const moved = node.inputs.map((input) => tangents.get(input));
    if (moved.some((derivative) => derivative !== undefined)) {
      tangents.set(node, rules[node.operation.kind].jvp(node, moved));
    }
  }
  return outputs.map((output) => output && tangents.get(output));
}
