import { describe, expect, it } from 'vitest';
import {
  add,
  constant,
  detach,
  exp,
  input,
  matmul,
  multiply,
  relu,
  sum,
  tanh,
} from '../../../src/tensor/autodiff/index.js';
import { tensor } from '../../../src/tensor/autodiff/tensor.js';
import { canonicalGraph } from '../../../src/tensor/engine/canonical.js';

const x = input('x', ['n', 3]);
const y = input('y', ['n', 3]);
const kinds = (outputs: Parameters<typeof canonicalGraph>[0]): string[] =>
  canonicalGraph(outputs)
    .nodes.map(({ operation }) => operation.kind)
    .sort();

describe('canonicalGraph', () => {
  it('makes one node of two equal subgraphs', () => {
    const once = (): typeof x => exp(add(tanh(input('x', ['n', 3])), input('y', ['n', 3])));
    const graph = canonicalGraph([once(), once()]);
    expect(graph.nodes.length).toBe(5);
    expect(graph.outputs[0]).toBe(graph.outputs[1]);
  });

  it('makes one node of a + b and b + a, and of a b and b a, but not of A B and B A', () => {
    expect(kinds([add(x, y), add(y, x), multiply(x, y), multiply(y, x)])).toEqual([
      'add',
      'input',
      'input',
      'multiply',
    ]);
    const [A, B] = [input('A', [2, 2]), input('B', [2, 2])];
    expect(kinds([matmul(A, B), matmul(B, A)]).filter((kind) => kind === 'matmul').length).toBe(2);
  });

  it('keeps apart what differs only in an attribute', () => {
    expect(kinds([sum(x, [0]), sum(x, [1])])).toEqual(['input', 'sum', 'sum']);
    const [A, B] = [input('A', [2, 2]), input('B', [2, 2])];
    expect(canonicalGraph([matmul(A, B), matmul(A, B, { transposeB: true })]).nodes.length).toBe(4);
  });

  it('keeps apart the numbers that JSON does not tell apart: 0 and −0, ∞, −∞ and NaN', () => {
    const values = [0, -0, Infinity, -Infinity, NaN];
    const constants = values.map((value) => tensor({ kind: 'constant', value }, [], []));
    expect(canonicalGraph(constants).nodes.length).toBe(5);
    expect(canonicalGraph([...constants, constant(NaN), constant(-0)]).nodes.length).toBe(5);
  });

  it('leaves out detachments, which matter to derivatives only', () => {
    expect(kinds([exp(detach(x)), exp(x)])).toEqual(['exp', 'input']);
  });

  it('lists the takers of every node, once for each operand that it is', () => {
    const { nodes, takers } = canonicalGraph([multiply(relu(x), relu(x)), y]);
    const of = (kind: string): readonly number[] =>
      takers[nodes.findIndex(({ operation }) => operation.kind === kind)]!;
    expect(of('relu').length).toBe(2);
    expect(of('input').length).toBe(1);
    expect(of('multiply')).toEqual([]);
  });
});
