import { input, keyOf, tensor, topologicalOrder, type Tensor } from './tensor.js';

/** A graph in two stages: `first` does not depend on what is given late, and what it computes are inputs of `second`, by name. */
export interface Stages {
  readonly first: Readonly<Record<string, Tensor>>;
  readonly second: Readonly<Record<string, Tensor>>;
}

/**
 * Splits outputs so that what does not depend on the `late` inputs can be computed once for many values of them. Products of a Hessian
 * with many directions at one point share its whole primal pass in this way.
 */
export function stages(outputs: Readonly<Record<string, Tensor>>, late: ReadonlySet<Tensor>): Stages {
  const first: Record<string, Tensor> = {};
  const standIns = new Map<Tensor, Tensor>();
  const unique = merging();
  /** The input of the second stage that stands for an early tensor. */
  const standIn = (early: Tensor): Tensor => {
    const { operation, inputs, shape } = early;
    if (operation.kind === 'input' || operation.kind === 'constant') return early;
    // Positions are no numbers that could be handed over; they are found again.
    if (operation.kind === 'maxPoolIndices') return unique(tensor(operation, inputs.map(standIn), shape));
    const known = standIns.get(early);
    if (known !== undefined) return known;
    const name = `early ${standIns.size}`;
    first[name] = early;
    const made = unique(input(name, shape));
    standIns.set(early, made);
    return made;
  };
  const isLate = new Set<Tensor>();
  const rebuilt = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(Object.values(outputs))) {
    const becomesLate = late.has(node) || node.inputs.some((from) => isLate.has(from));
    if (becomesLate) isLate.add(node);
    const inputs = node.inputs.map((from) => {
      const same = rebuilt.get(from)!;
      return becomesLate && !isLate.has(from) ? standIn(same) : same;
    });
    rebuilt.set(node, unique(tensor(node.operation, inputs, node.shape)));
  }
  const second = Object.entries(outputs).map(([name, output]): [string, Tensor] => {
    const same = rebuilt.get(output)!;
    return [name, isLate.has(output) ? same : standIn(same)];
  });
  return { first, second: Object.fromEntries(second) };
}

/** Returns one tensor for all that are equal, given that their inputs went through it. */
function merging(): (node: Tensor) => Tensor {
  const numbers = new Map<Tensor, number>();
  const known = new Map<string, Tensor>();
  return (node) => {
    const { operation, inputs, shape } = node;
    const key = keyOf([operation, inputs.map((from) => numbers.get(from)), shape]);
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, node);
    numbers.set(node, numbers.size);
    return node;
  };
}
