import { describe, expect, it } from 'vitest';
import {
  gelu,
  gradient,
  input,
  logSoftmax,
  multiply,
  normalise,
  softmax,
  tangent,
  total,
  type Tensor,
} from '../../src/autodiff/index.js';
import { interpret } from '../../src/autodiff/interpreter.js';

const z = input('z', ['n', 3]);
const entriesOf = (output: Tensor, bindings: Readonly<Record<string, ArrayLike<number>>>, samples = 1): number[] => [
  ...interpret([output], bindings, samples)[0]!.data,
];

describe('logSoftmax', () => {
  const extreme = { z: [1e4, -1e4, 0, -1e4, -1e4, -1e4] };

  it('is finite and right at logits of ±10⁴, along either axis', () => {
    const third = -Math.log(3);
    const expected = [0, -2e4, -1e4, third, third, third];
    entriesOf(logSoftmax(z), extreme, 2).forEach((y, i) => {
      expect(Math.abs(y - expected[i]!)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(expected[i]!));
    });
    const columns = entriesOf(logSoftmax(z, 0), { z: [1e4, 5, 0, -1e4, 5, 1e4] }, 2);
    expect(columns).toEqual([0, -Math.LN2, -1e4, -2e4, -Math.LN2, 0]);
  });

  it('has the derivatives of cross-entropy there: p − t, and diag p − p pᵀ', () => {
    const [t, v] = [input('t', ['n', 3]), input('v', ['n', 3])];
    const slopes = gradient(multiply(total(multiply(t, logSoftmax(z))), input('minus', [])), [z]);
    const bindings = { ...extreme, t: [0, 1, 0, 1, 0, 0], v: [1, 2, 3, 1, 2, 3], minus: [-1] };
    const [g, Hv] = interpret([slopes[0]!, tangent(slopes, new Map([[z, v]]))[0]!], bindings, 2);
    const [p, mean] = [1 / 3, 2];
    [1, -1, 0, p - 1, p, p].forEach((y, i) => {
      expect(Math.abs(g!.data[i]! - y)).toBeLessThanOrEqual(4 * Number.EPSILON);
    });
    [0, 0, 0, p * (1 - mean), 0, p * (3 - mean)].forEach((y, i) => {
      expect(Math.abs(Hv!.data[i]! - y)).toBeLessThanOrEqual(16 * Number.EPSILON);
    });
  });
});

describe('softmax', () => {
  it('is the exponential of logSoftmax, and sums to 1 at any logits', () => {
    const bindings = { z: [0.3, -1, 2, 1e4, -1e4, 9999] };
    const p = entriesOf(softmax(z), bindings, 2);
    entriesOf(logSoftmax(z), bindings, 2).forEach((y, i) => {
      expect(Math.abs(p[i]! - Math.exp(y))).toBeLessThanOrEqual(4 * Number.EPSILON);
    });
    expect(Math.abs(p[3]! + p[4]! + p[5]! - 1)).toBeLessThanOrEqual(4 * Number.EPSILON);
  });
});

describe('gelu', () => {
  it('takes the values of its tanh form: 0 at 0, x far right, 0 far left, 0.841192 at 1', () => {
    const [atZero, right, left] = entriesOf(gelu(z), { z: [0, 40, -40] });
    expect([atZero, right, Math.abs(left!)]).toEqual([0, 40, 0]);
    // 0.5 (1 + tanh(0.7978845608 · 1.044715)) = 0.8411919906, as PyTorch's gelu with approximate = 'tanh' gives at 1.
    expect(entriesOf(gelu(z), { z: [1, -1, 2] })[0]).toBeCloseTo(0.8411919906, 9);
  });
});

describe('normalise', () => {
  it('is (x − mean)/√(variance + ε), and finite at variance 0', () => {
    const [mean, variance] = [input('mean', [3]), input('variance', [3])];
    const y = normalise(z, mean, variance, 0.25);
    expect(entriesOf(y, { z: [1, 2, 3], mean: [0, 2, 1], variance: [0, 0, 3.75] })).toEqual([2, 0, 1]);
  });
});
