import type { Call } from '../call.js';
import type { Operator } from '../operator.js';
import type { Operand } from '../operand.js';

/** The branch of a condition that is known when the file is read. */
function branch(call: Call): readonly Operand[] {
  const [condition] = call.numbers(0);
  return call.branch(call.subgraph(condition === 0 ? 'else_branch' : 'then_branch'));
}

export const controlOperators: readonly Operator[] = [
  { name: 'If', help: 'one of two branches', limits: 'conditions that depend on the inputs', apply: branch },
];
