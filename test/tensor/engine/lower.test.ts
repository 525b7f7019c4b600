import { describe, expect, it } from 'vitest';
import {
  add,
  divide,
  exp,
  gradient,
  greater,
  input,
  matmul,
  multiply,
  relu,
  scale,
  softmax,
  subtract,
  sum,
  take,
  tangent,
  total,
  transpose,
  where,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { canonicalGraph } from '../../../src/tensor/engine/canonical.js';
import { lowerToOnnx } from '../../../src/tensor/engine/lower.js';
import { UsageError } from '../../../src/errors.js';
import { like } from '../autodiff/operations.js';
import { countOf, decoded } from './decoded.js';
import { activations, convNet, lossKinds, mlp, type Activation, type Network } from './networks.js';

/** Gradient and m Hessian products. */
function block({ loss, parameters }: Network, m: number): Record<string, Tensor> {
  const slopes = gradient(loss, parameters);
  const products = Array.from({ length: m }, (_, j) =>
    tangent(slopes, new Map(parameters.map((w, i) => [w, like(w, `v${j} ${i}`)]))),
  );
  const named = [slopes, ...products].flatMap((tensors, j) =>
    tensors.flatMap((x, i): [string, Tensor][] => (x === undefined ? [] : [[`${j} ${i}`, x]])),
  );
  return Object.fromEntries(named);
}

const x = input('x', ['n', 4]);
const W = input('W', [4, 3]);
const b = input('b', [3]);
const lowered = (out: Tensor) => decoded(lowerToOnnx({ out }, 'f32').bytes);
const typesIn = (out: Tensor): string[] =>
  lowered(out)
    .graph.node.map(({ opType }) => opType)
    .filter((type) => type !== 'Identity');

describe('lowerToOnnx', () => {
  // Gradient: 2 products forward, 2 by weights, 1 by the hidden layer. Each tangent: 1 + 2 forward, 2 by the hidden layer, 1 + 2
  // by weights. So 5 + 8 m, if the m tangents share all of the primal pass.
  it.each([1, 2, 3, 10])('has 5 + 8 m products in a block of %i Hessian products of a two-layer perceptron', (m) => {
    for (const bias of [true, false]) {
      for (const activation of Object.keys(activations) as Activation[]) {
        const network = mlp({ widths: [4, 5, 3], activation, loss: 'cross-entropy', bias });
        expect(countOf('Gemm', decoded(lowerToOnnx(block(network, m), 'f32').bytes))).toBe(5 + 8 * m);
      }
    }
  });

  it('transposes no matrix, and stretches none, in gradient and Hv of perceptrons', () => {
    for (const loss of lossKinds) {
      const model = decoded(
        lowerToOnnx(block(mlp({ widths: [4, 5, 5, 3], activation: 'tanh', loss, bias: true }), 2), 'f64').bytes,
      );
      expect(countOf('Transpose', model)).toBe(0);
      expect(countOf('Expand', model)).toBe(0);
    }
  });

  it('stretches nothing in gradient and Hv of convolutions, normalisation and every pooling', () => {
    for (const pooling of ['max', 'overlapping max', 'average', 'global', 'none'] as const) {
      for (const normalised of [true, false]) {
        for (const loss of lossKinds) {
          const network = convNet({
            ...{ channels: 2, side: 6, filters: [3, 3], kernel: 3, stride: 2, padding: 'same' },
            ...{ activation: 'relu', bias: true, pooling, normalised, loss },
          });
          const { nodes } = canonicalGraph(Object.values(block(network, 2)));
          expect(nodes.filter(({ operation }) => operation.kind === 'broadcast')).toEqual([]);
        }
      }
    }
  });

  it('writes a product that is added to as one Gemm, if nothing else takes the product', () => {
    expect(typesIn(add(matmul(x, W), b))).toEqual(['Gemm']);
    expect(typesIn(add(b, matmul(x, W)))).toEqual(['Gemm']);
    const product = matmul(x, W);
    expect(typesIn(add(add(product, b), exp(product))).sort()).toEqual(['Add', 'Add', 'Exp', 'Gemm']);
    expect(typesIn(add(product, product))).toEqual(['Gemm', 'Add']);
  });

  it('adds a product to a larger tensor without losing rows', () => {
    const row = matmul(input('r', [1, 4]), W);
    expect(typesIn(add(row, input('z', ['n', 3])))).toEqual(['Gemm', 'Add']);
  });

  it('writes differences and quotients as such', () => {
    const y = input('y', ['n', 4]);
    expect(typesIn(subtract(x, y))).toEqual(['Sub']);
    expect(typesIn(divide(x, y))).toEqual(['Div']);
    expect(typesIn(divide(x, sum(y, [1])))).toEqual(['ReduceSum', 'Div']);
  });

  it('writes only nodes that an output depends on, each after the ones it takes', () => {
    const model = decoded(
      lowerToOnnx(block(mlp({ widths: [4, 5, 3], activation: 'gelu', loss: 'mean square', bias: true }), 3), 'f64')
        .bytes,
    );
    const { node, initializer, input: inputs, output } = model.graph;
    const known = new Set([...(initializer ?? []), ...(inputs ?? [])].map(({ name }) => name));
    const taken = new Set(output.map(({ name }) => name));
    for (const { input: from, output: to } of node) {
      for (const name of from) {
        expect(known).toContain(name);
        taken.add(name);
      }
      for (const name of to) {
        expect(known).not.toContain(name);
        known.add(name);
      }
    }
    for (const { output: to } of node) expect(to.some((name) => taken.has(name))).toBe(true);
    for (const { name } of initializer ?? []) expect(taken).toContain(name);
  });

  it('writes the same bytes every time', () => {
    const bytes = () =>
      lowerToOnnx(block(mlp({ widths: [4, 5, 3], activation: 'relu', loss: 'mean square', bias: true }), 2), 'f32')
        .bytes;
    expect(Buffer.compare(bytes(), bytes())).toBe(0);
  });

  it('grows in proportion to the depth of a network', () => {
    const size = (depth: number): number => {
      const network = mlp({
        widths: new Array<number>(depth + 1).fill(4),
        activation: 'gelu',
        loss: 'mean square',
        bias: true,
      });
      return canonicalGraph(Object.values(block(network, 1))).nodes.length;
    };
    expect(size(40) - size(20)).toBe(2 * (size(20) - size(10)));
  });

  it('refuses names that ONNX would confuse, saying which', () => {
    const refuse = (outputs: Record<string, Tensor>, message: RegExp) => {
      expect(() => lowerToOnnx(outputs, 'f32')).toThrow(UsageError);
      expect(() => lowerToOnnx(outputs, 'f32')).toThrow(message);
    };
    refuse({}, /at least one output, received none/);
    refuse({ x: relu(x) }, /an input and an output are both named 'x'; rename/);
    refuse({ '#3': relu(x) }, /do not begin with '#', received '#3'/);
    refuse({ out: input('', [2]) }, /received ''/);
    refuse(
      { out: add(sum(x, [1]), total(input('x', [2, 2]))) },
      /two inputs are named 'x', of shapes \[n, 4\] and \[2, 2\]/,
    );
  });

  it('writes a dense layer on tokens as one Gemm, its tangent as Gemms that add, and heads that meet without transposing them', () => {
    const [tokens, dx] = [input('x', ['n', 5, 4]), input('dx', ['n', 5, 4])];
    const y = add(matmul(tokens, W), b);
    expect(typesIn(y)).toEqual(['Reshape', 'Gemm', 'Reshape']);
    const moved = tangent([y], new Map([[tokens, dx], [W, like(W, 'dW')], [b, like(b, 'db')]]))[0]!; // prettier-ignore
    expect(typesIn(moved).filter((type) => type !== 'Reshape')).toEqual(['Gemm', 'Gemm', 'Add']);
    const heads = (name: string) => transpose(input(name, ['n', 5, 2, 4]), [0, 2, 1, 3]);
    const scores = matmul(heads('q'), transpose(heads('k'), [0, 1, 3, 2]));
    expect(typesIn(scores)).toEqual(['Transpose', 'Transpose', 'FusedMatMul']);
    expect(gradient(total(scores), [scores.inputs[0]!.inputs[0]!])[0]!.shape).toEqual(['n', 5, 2, 4]);
    expect(typesIn(softmax(scores)).slice(-1)).toEqual(['Softmax']);
  });

  it('chooses by a comparison without making numbers of it', () => {
    const y = input('y', ['n', 4]);
    expect(typesIn(where(greater(x, y), x, y))).toEqual(['Greater', 'Where']);
    expect(typesIn(where(y, x, y))).toEqual(['Cast', 'Where']);
  });

  it('adds rows of a small table by a product, of a large one each by itself', () => {
    const indices = input('indices', ['n']);
    const ofTable = (rows: number) => {
      const table = input('table', [rows, 3]);
      return gradient(total(multiply(take(table, indices), input('w', ['n', 3]))), [table])[0]!;
    };
    expect(typesIn(ofTable(100))).toContain('Gemm');
    expect(typesIn(ofTable(100))).not.toContain('ScatterElements');
    expect(typesIn(ofTable(10_000))).toContain('ScatterElements');
  });

  it('multiplies numbers when the graph is built', () => {
    expect(typesIn(scale(scale(scale(x, 2), -1), 3))).toEqual(['Mul']);
    expect(typesIn(scale(scale(x, 2), 0.5))).toEqual([]);
  });
});
