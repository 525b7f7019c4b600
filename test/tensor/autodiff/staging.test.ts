import { describe, expect, it } from 'vitest';
import {
  add,
  constant,
  exp,
  input,
  matmul,
  maxPool,
  multiply,
  stages,
  total,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { topologicalOrder } from '../../../src/tensor/autodiff/tensor.js';

const x = input('x', ['n', 3]);
const W = input('W', [2, 3]);
const v = input('v', [2, 3]);
const bindings = { x: [1, 2, 3, 4, 5, 6], W: [0.1, -0.2, 0.3, 0.4, -0.5, 0.6], v: [1, 0, -1, 2, 1, 0] };

const kinds = (outputs: Readonly<Record<string, Tensor>>): string[] =>
  topologicalOrder(Object.values(outputs)).map(({ operation }) => operation.kind);

describe('stages', () => {
  const h = exp(matmul(x, W, { transposeB: true }));
  const again = exp(matmul(x, W, { transposeB: true }));
  const outputs = { late: total(multiply(h, matmul(x, v, { transposeB: true }))), sum: total(add(again, h)) };
  const { first, second } = stages(outputs, new Set([v]));

  it('computes early what does not depend on late inputs, once, and hands it over', () => {
    expect(kinds(first).filter((kind) => kind === 'exp')).toHaveLength(1);
    expect(kinds(second)).not.toContain('exp');
    expect(kinds(second).filter((kind) => kind === 'matmul')).toHaveLength(1);
    expect(kinds(first)).not.toContain('v');
  });

  it('tells numbers apart that JSON does not have', () => {
    const numbers = { low: multiply(v, constant(-Infinity)), high: multiply(v, constant(Infinity)) };
    const late = stages(numbers, new Set([v])).second;
    const [low, high] = interpret(Object.values(late), { v: [1, 2, 3, 4, 5, 6] });
    expect([low!.data[0], high!.data[0]]).toEqual([-Infinity, Infinity]);
  });

  it('gives the outputs of the whole graph', () => {
    const whole = interpret(Object.values(outputs), bindings, 2).map(({ data }) => data[0]);
    const values = interpret(Object.values(first), bindings, 2);
    const early = Object.fromEntries(Object.keys(first).map((name, i) => [name, values[i]!.data]));
    const parts = interpret(Object.values(second), { ...bindings, ...early }, 2).map(({ data }) => data[0]);
    expect(parts).toEqual(whole);
  });

  it('finds the places of a pool again, since they are no numbers to hand over', () => {
    const images = input('images', ['n', 1, 4, 4]);
    const direction = input('direction', ['n', 1, 2, 2]);
    const pooled = maxPool(images, 2);
    const split = stages({ out: total(multiply(pooled, direction)) }, new Set([direction]));
    expect(kinds(split.first)).toContain('gather');
    expect(Object.values(split.first).every(({ operation }) => operation.kind !== 'maxPoolIndices')).toBe(true);
  });
});
