import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { crossEntropy, lossOf, nextToken, rightPredictions } from '../../../src/loss/network/losses.js';
import { randomStream } from '../../../src/numeric/random.js';
import { gradient, input, tangent, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile } from '../../../src/tensor/engine/index.js';
import { expectAgreement } from '../../tensor/engine/agreement.js';
import { runtime } from './problems.js';

const [n, T, V] = [3, 4, 5];
const stream = randomStream(1, 'scores');
const z = Float64Array.from({ length: n * T * V }, () => 2 * stream.normal());
const ids = Float64Array.from({ length: n * T }, () => stream.integer(V));
const scores = input('z', ['n', T, V]);
const labels = input('y', ['n', T]);

/** Σ over samples of the mean over positions: −log p of the label, whether it is the largest, and ∂/∂z, from the definition. */
function plain(labelAt: (i: number, t: number) => number, length: number) {
  let [loss, right] = [0, 0];
  const slope = new Float64Array(z.length);
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < length; t++) {
      const row = Array.from(z.subarray((i * T + t) * V, (i * T + t + 1) * V));
      const all = row.reduce((sum, a) => sum + Math.exp(a), 0);
      const label = labelAt(i, t);
      loss -= (row[label]! - Math.log(all)) / length;
      right += (row.indexOf(Math.max(...row)) === label ? 1 : 0) / length;
      row.forEach((a, c) => (slope[(i * T + t) * V + c] = (Math.exp(a) / all - (c === label ? 1 : 0)) / length));
    }
  }
  return { loss, right, slope };
}

describe.each([
  ['labels of all tokens', crossEntropy, rightPredictions, (i: number, t: number) => ids[i * T + t]!, T],
  ['the next token', nextToken, lossOf('next-token').correct, (i: number, t: number) => ids[i * T + t + 1]!, T - 1],
] as const)('the cross-entropy of %s', (_, loss, correct, labelAt, length) => {
  const value = loss(scores, labels, labels);
  const [slope] = gradient(value, [scores]) as [Tensor];
  const direction = input('v', ['n', T, V]);
  const [bent] = tangent([slope], new Map([[scores, direction]])) as [Tensor];
  const outputs = { value, correct: correct(scores, labels, labels), slope, bent };
  const bindings = { z, y: ids, v: z.map((x) => Math.sin(7 * x)) };
  const reference = interpret(Object.values(outputs), bindings, n);

  it('is that of plain loops, with its accuracy and derivative', () => {
    const expected = plain(labelAt, length);
    expect(Math.abs(reference[0]!.data[0]! - expected.loss)).toBeLessThan(1e-13);
    expect(reference[1]!.data[0]).toBeCloseTo(expected.right, 14);
    reference[2]!.data.forEach((x, at) => {
      expect(Math.abs(x - expected.slope[at]!)).toBeLessThan(1e-15);
    });
  });

  it.each(['f64', 'f32'] as const)('is the same in ONNX Runtime, with curvature, in %s', async (precision) => {
    const program = await compile(runtime, outputs, { precision });
    await expectAgreement(program, outputs, bindings, n, reference);
    await program.release();
  });

  it('keeps the relative accuracy of losses and derivatives that are tiny', async () => {
    const sharp = Float64Array.from({ length: n * T * V }, (_, at) => {
      const [i, t, c] = [Math.floor(at / (T * V)), Math.floor(at / V) % T, at % V];
      return t < length && c === labelAt(i, t) ? 60 : c;
    });
    const values = interpret([value, slope], { z: sharp, y: ids }, n);
    let expected = 0;
    for (let i = 0; i < n; i++) {
      for (let t = 0; t < length; t++) {
        const others = [0, 1, 2, 3, 4].filter((c) => c !== labelAt(i, t));
        const odds = others.reduce((sum, c) => sum + Math.exp(c - 60), 0);
        expected += odds / length; // log(1 + odds), odds below 1e-24
        const own = values[1]!.data[(i * T + t) * V + labelAt(i, t)]!;
        expect(Math.abs(own / (-odds / length) - 1)).toBeLessThan(1e-13);
      }
    }
    expect(Math.abs(values[0]!.data[0]! / expected - 1)).toBeLessThan(1e-13);
    const program = await compile(runtime, { value, slope }, { precision: 'f32' });
    const single = await program.run({ z: Float32Array.from(sharp), y: Float32Array.from(ids) }, n);
    await program.release();
    expect(Math.abs(single.value![0]! / expected - 1)).toBeLessThan(1e-5);
    single.slope!.forEach((x, at) => {
      const exact = values[1]!.data[at]!;
      expect(Math.abs(x - exact)).toBeLessThanOrEqual(1e-5 * Math.abs(exact));
    });
  });
});

describe('losses of sequences', () => {
  it('count nothing where a label is negative', () => {
    const loss = crossEntropy(scores, labels, labels);
    const whole = interpret([loss], { z, y: ids }, n)[0]!.data[0]!;
    const without = interpret([loss], { z, y: ids.map((id, at) => (at === 6 ? -1 : id)) }, n)[0]!.data[0]!;
    const row = Array.from(z.subarray(6 * V, 7 * V));
    const own = Math.log(row.reduce((sum, a) => sum + Math.exp(a), 0)) - row[ids[6]!]!;
    expect(Math.abs(whole - without - own / T)).toBeLessThan(1e-13);
  });

  it('are refused in words where shapes do not fit', () => {
    const refuse = (outputs: Tensor, inputs: Tensor, words: RegExp) => {
      expect(() => nextToken(outputs, inputs, inputs)).toThrow(UsageError);
      expect(() => nextToken(outputs, inputs, inputs)).toThrow(words);
    };
    refuse(
      input('z', ['n', V]),
      labels,
      /scores \[n, T, V\] for token ids \[n, T\].*received scores of shape \[n, 5\]/,
    );
    refuse(scores, input('x', ['n', 2, 2]), /for inputs of \[n, 2, 2\]/);
    refuse(input('z', ['n', 1, V]), input('x', ['n', 1]), /T from 2 on/);
  });
});
