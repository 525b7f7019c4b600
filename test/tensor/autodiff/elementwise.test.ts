import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  broadcast,
  constant,
  exp,
  input,
  multiply,
  negate,
  reshape,
  scale,
  subtract,
  sum,
  type Shape,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { broadcastShape, tensor, topologicalOrder } from '../../../src/tensor/autodiff/tensor.js';
import { UsageError } from '../../../src/errors.js';
import { randomBindings } from './operations.js';

const x = input('x', ['n', 3]);
const row = input('row', [3]);
const whole: Shape = ['n', 3];

/** A graph as it was written down beside the same one as it was built. */
interface Twice {
  readonly raw: Tensor;
  readonly built: Tensor;
}

const leaf = (t: Tensor): Twice => ({ raw: t, built: t });
const leaves = fc.constantFrom(leaf(x), leaf(row), ...[0, 1, -1, 2, -0.5].map((value) => leaf(constant(value))));
const kind =
  (name: 'add' | 'multiply', f: typeof add) =>
  (a: Twice, b: Twice): Twice => ({
    raw: tensor({ kind: name }, [a.raw, b.raw], broadcastShape(a.raw.shape, b.raw.shape)),
    built: f(a.built, b.built),
  });

const { tree } = fc.letrec<{ tree: Twice }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    leaves,
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => kind('add', add)(a, b)),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => kind('multiply', multiply)(a, b)),
    tie('tree').map(({ raw, built }) => ({ raw: tensor({ kind: 'negate' }, [raw], raw.shape), built: negate(built) })),
    tie('tree').map(({ raw, built }) => ({
      raw: tensor({ kind: 'multiply' }, [constant(-3), raw], raw.shape),
      built: scale(built, -3),
    })),
    tie('tree').map(({ raw, built }) => ({
      raw: tensor({ kind: 'broadcast' }, [raw], whole),
      built: broadcast(built, whole),
    })),
    fc.tuple(tie('tree'), fc.boolean()).map(([{ raw, built }, first]) => {
      const axes = raw.shape.length === 0 ? [] : first ? [0] : raw.shape.map((_, i) => i);
      const shape = raw.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
      return { raw: tensor({ kind: 'sum', axes }, [raw], shape), built: sum(built, axes) };
    }),
  ),
}));

describe('elementwise operations', () => {
  it('have the values of the graph as it was written down, however it is simplified', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 3 }), ({ raw, built }, samples) => {
        expect(built.shape).toEqual(raw.shape);
        const bindings = randomBindings([x, row], samples, 'any', 7);
        const absolute = (t: Tensor): number => Math.max(...interpret([t], bindings, samples)[0]!.data.map(Math.abs));
        const scales = topologicalOrder([raw]).map(absolute);
        const [a, b] = interpret([raw, built], bindings, samples);
        const tolerance = 1e-12 * Math.max(1, ...scales);
        a!.data.forEach((value, i) => {
          expect(Math.abs(value - b!.data[i]!)).toBeLessThanOrEqual(tolerance);
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('leave nothing stretched inside: broadcasts move outwards', () => {
    fc.assert(
      fc.property(tree, ({ built }) => {
        const inner = topologicalOrder([built]).slice(0, -1);
        const stretched = new Set(inner.filter(({ operation }) => operation.kind === 'broadcast'));
        const takers = topologicalOrder([built]).filter(({ inputs }) => inputs.some((t) => stretched.has(t)));
        // Only a count of samples is a sum over a stretched axis, that of n.
        for (const { operation, inputs } of takers) {
          expect(operation.kind).toBe('sum');
          expect((operation as { axes: readonly number[] }).axes).toEqual([inputs[0]!.shape.indexOf('n')]);
        }
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('leave out sums with 0, products with 1, and double negations', () => {
    const zero = broadcast(constant(0), whole);
    expect(add(x, constant(0))).toBe(x);
    expect(add(zero, x)).toBe(x);
    expect(multiply(x, reshape(constant(1), [1, 1]))).toBe(x);
    expect(negate(negate(x))).toBe(x);
    expect(add(row, zero).shape).toEqual(whole);
  });

  it('carry numbers and negations through to one operation', () => {
    expect(scale(scale(x, 2), 3)).toEqual(scale(x, 6));
    expect(negate(scale(x, 2))).toEqual(scale(x, -2));
    expect(scale(negate(x), 2)).toEqual(scale(x, -2));
    expect(sum(negate(x), [0])).toEqual(negate(sum(x, [0])));
    expect(sum(scale(x, 2), [1])).toEqual(scale(sum(x, [1]), 2));
    expect(multiply(negate(x), negate(exp(x)))).toEqual(multiply(x, exp(x)));
    expect(subtract(negate(x), exp(x))).toEqual(negate(add(x, exp(x))));
    expect(sum(broadcast(row, [4, 3]), [0])).toEqual(scale(reshape(row, [1, 3]), 4));
  });

  it('refuse shapes that do not broadcast, naming both', () => {
    expect(() => add(x, input('y', [2]))).toThrow(UsageError);
    expect(() => multiply(x, input('y', ['n']))).toThrow(
      'shapes [n, 3] and [n] do not broadcast: axes must agree or be 1',
    );
    expect(() => broadcast(x, [3])).toThrow('a tensor of shape [n, 3] does not broadcast to [3]');
  });
});
