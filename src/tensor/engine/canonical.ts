import { keyOf, topologicalOrder, type Operation, type Shape, type Tensor } from '../autodiff/tensor.js';

/** A node of a graph without repetitions: inputs are indices of earlier nodes. */
export interface CanonicalNode {
  readonly operation: Operation;
  readonly inputs: readonly number[];
  readonly shape: Shape;
}

export interface CanonicalGraph {
  readonly nodes: readonly CanonicalNode[];
  readonly outputs: readonly number[];
  /** The nodes that take each node, once for every operand that it is. */
  readonly takers: readonly (readonly number[])[];
}

/**
 * Value numbering: what is computed twice from the same inputs becomes one node. So the m tangents of a block share all of the
 * primal pass, whatever the order in which the rules wrote it down.
 */
export function canonicalGraph(outputs: readonly Tensor[]): CanonicalGraph {
  const nodes: CanonicalNode[] = [];
  const numbers = new Map<string, number>();
  const numberOf = new Map<Tensor, number>();
  for (const tensor of topologicalOrder(outputs)) {
    const { operation, shape } = tensor;
    const inputs = tensor.inputs.map((input) => numberOf.get(input)!);
    if (operation.kind === 'detach') {
      numberOf.set(tensor, inputs[0]!);
      continue;
    }
    const commutes = operation.kind === 'add' || operation.kind === 'multiply';
    const key = keyOf([operation, commutes ? [...inputs].sort((a, b) => a - b) : inputs, shape]);
    let number = numbers.get(key);
    if (number === undefined) {
      number = nodes.length;
      nodes.push({ operation, inputs, shape });
      numbers.set(key, number);
    }
    numberOf.set(tensor, number);
  }
  const takers = nodes.map((): number[] => []);
  nodes.forEach(({ inputs }, number) => {
    for (const input of inputs) takers[input]!.push(number);
  });
  return { nodes, outputs: outputs.map((output) => numberOf.get(output)!), takers };
}
