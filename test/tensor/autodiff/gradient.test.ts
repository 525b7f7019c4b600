import { describe, expect, it } from 'vitest';
import {
  add,
  constant,
  detach,
  exp,
  gradient,
  input,
  log,
  matmul,
  multiply,
  relu,
  reciprocal,
  sqrt,
  square,
  step,
  tangent,
  total,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { topologicalOrder } from '../../../src/tensor/autodiff/tensor.js';
import { UsageError } from '../../../src/errors.js';

const x = input('x', []);
const at = (output: Tensor, value: number, v = 1): number => interpret([output], { x: [value], v: [v] })[0]!.data[0]!;

describe('gradient', () => {
  it('is that of a number: it refuses a loss of any other shape, and says to sum it', () => {
    expect(() => gradient(input('y', ['n', 2]), [])).toThrow(UsageError);
    expect(() => gradient(input('y', ['n', 2]), [])).toThrow('of shape [], received [n, 2]; sum it first');
  });

  it('is undefined where the loss does not depend on a parameter, or only through constants', () => {
    const y = input('y', []);
    expect(gradient(square(x), [x, y])[1]).toBeUndefined();
    expect(gradient(multiply(x, detach(y)), [y])).toEqual([undefined]);
    expect(gradient(multiply(x, step(y)), [y])).toEqual([undefined]);
  });

  it('is 1 for the loss itself, and reaches parameters that are no inputs', () => {
    const y = exp(x);
    expect(at(gradient(y, [y])[0]!, 2)).toBe(1);
    expect(at(gradient(square(y), [y])[0]!, 1)).toBeCloseTo(2 * Math.E, 14);
  });

  it('adds up all paths, in a time proportional to the number of operations, not of paths', () => {
    const doubled = Array.from({ length: 60 }).reduce<Tensor>((y) => add(relu(y), y), x);
    const slope = gradient(doubled, [x])[0]!;
    expect(topologicalOrder([slope]).length).toBeLessThan(400);
    expect(at(slope, 1)).toBe(2 ** 60);
  });

  it('walks graphs of any depth', () => {
    const deep = Array.from({ length: 20_000 }).reduce<Tensor>((y) => relu(y), x);
    const slope = gradient(deep, [x]);
    expect(at(slope[0]!, 3)).toBe(1);
    expect(at(tangent([exp(deep)], new Map([[x, input('v', [])]]))[0]!, 0)).toBe(0);
  });

  it('has the values at a boundary that calculus gives: ∞ for √ and 1/x and log at 0, 0 for relu', () => {
    expect(at(gradient(sqrt(x), [x])[0]!, 0)).toBe(Infinity);
    expect(at(gradient(log(x), [x])[0]!, 0)).toBe(Infinity);
    expect(at(gradient(reciprocal(x), [x])[0]!, 0)).toBe(-Infinity);
    expect(at(gradient(relu(x), [x])[0]!, 0)).toBe(0);
  });

  it('of a least-squares loss is Xᵀ(X w − y), and its tangent Xᵀ X v', () => {
    const [X, w, y, v] = [input('X', ['n', 2]), input('w', [2, 1]), input('y', ['n', 1]), input('v', [2, 1])];
    const loss = multiply(constant(0.5), total(square(add(matmul(X, w), multiply(y, constant(-1))))));
    const slopes = gradient(loss, [w]);
    const [g, Hv] = interpret(
      [slopes[0]!, tangent(slopes, new Map([[w, v]]))[0]!],
      { X: [1, 2, 3, 4], w: [1, 1], y: [1, 1], v: [1, -1] },
      2,
    );
    expect([...g!.data]).toEqual([20, 28]);
    expect([...Hv!.data]).toEqual([-4, -6]);
  });
});

describe('tangent', () => {
  it('refuses a direction of another shape than its tensor', () => {
    expect(() => tangent([x], new Map([[x, input('v', [2])]]))).toThrow(UsageError);
    expect(() => tangent([x], new Map([[x, input('v', [2])]]))).toThrow(
      'a direction of shape [2] was given to a tensor of []',
    );
  });

  it('is the direction itself where an output is what moves, undefined where an output does not move', () => {
    const v = input('v', []);
    const y = exp(input('y', []));
    expect(tangent([x, y, undefined], new Map([[x, v]]))).toEqual([v, undefined, undefined]);
  });

  it('stops at a tensor that is given a direction: what it was computed from does not count', () => {
    const y = exp(x);
    const v = input('v', []);
    expect(
      at(
        tangent(
          [square(y)],
          new Map([
            [y, v],
            [x, v],
          ]),
        )[0]!,
        0,
        3,
      ),
    ).toBe(6);
  });
});
