import { topologicalOrder, type Operation, type Shape, type Tensor } from '../autodiff/tensor.js';

/** A node of a graph without repetitions: inputs are indices of earlier nodes. */
export interface CanonicalNode {
  readonly operation: Operation;
  readonly inputs: readonly number[];
  readonly shape: Shape;
}

export interface CanonicalGraph {
  readonly nodes: readonly CanonicalNode[];
  readonly outputs: readonly number[];
  /** How many nodes and outputs take each node. */
  readonly uses: readonly number[];
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
    const key = JSON.stringify([operation, commutes ? [...inputs].sort((a, b) => a - b) : inputs, shape]);
    let number = numbers.get(key);
    if (number === undefined) {
      number = nodes.length;
      nodes.push({ operation, inputs, shape });
      numbers.set(key, number);
    }
    numberOf.set(tensor, number);
  }
  const uses = new Array<number>(nodes.length).fill(0);
  const taken = outputs.map((output) => numberOf.get(output)!);
  for (const number of [...nodes.flatMap(({ inputs }) => inputs), ...taken]) uses[number]!++;
  return { nodes, outputs: taken, uses };
}
