import { UsageError } from '../../errors.js';
import { broadcast } from './broadcast.js';
import { constant, showShape, topologicalOrder, type Tensor } from './tensor.js';
import { plus, rules, type Derivative } from './rules.js';

/**
 * ∂loss/∂x for each of the given tensors, as graphs: reverse accumulation of the VJP rules, from one scalar.
 * Only what depends on them is visited. Tensors the loss does not depend on have gradient undefined.
 * Throws UsageError unless the loss has shape []. Cost of the result: 2 to 3 times that of the loss.
 */
export function gradient(loss: Tensor, parameters: readonly Tensor[]): Derivative[] {
  if (loss.shape.length !== 0) {
    throw new UsageError(
      `a gradient is that of a number, of shape [], received ${showShape(loss.shape)}; sum it first`,
    );
  }
  const order = topologicalOrder([loss]);
  const relevant = new Set<Tensor>(parameters);
  for (const node of order) if (node.inputs.some((input) => relevant.has(input))) relevant.add(node);
  const cotangents = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  for (const node of [...order].reverse()) {
    const cotangent = cotangents.get(node);
    if (cotangent === undefined || !relevant.has(node) || !node.inputs.some((input) => relevant.has(input))) continue;
    const whole = broadcast(cotangent, node.shape);
    rules[node.operation.kind].vjp(node, whole).forEach((derivative, i) => {
      const input = node.inputs[i]!;
      const sum = plus(cotangents.get(input), derivative);
      if (relevant.has(input) && sum !== undefined) cotangents.set(input, sum);
    });
  }
  return parameters.map((parameter) => cotangents.get(parameter));
}
