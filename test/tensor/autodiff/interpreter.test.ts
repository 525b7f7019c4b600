import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  convolve,
  firstMaximum,
  gradient,
  input,
  matmul,
  max,
  maxPool,
  multiply,
  relu,
  select,
  sum,
  total,
  transpose,
  type Tensor,
} from '../../../src/tensor/autodiff/index.js';
import { convolveWith, convolveInput, convolveKernel } from '../../../src/tensor/autodiff/convolution.js';
import type { Geometry } from '../../../src/tensor/autodiff/tensor.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { UsageError } from '../../../src/errors.js';
import { randomStream } from '../../../src/numeric/random.js';

const x23 = input('x', [2, 3]);
const entriesOf = (output: Tensor, bindings: Readonly<Record<string, ArrayLike<number>>>, samples = 1): number[] => [
  ...interpret([output], bindings, samples)[0]!.data,
];

interface Grid {
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** The matrix T of the convolution of one image by one kernel, y = T x: its rows are the kernel, laid at every place it fits. */
function toeplitz(kernel: readonly (readonly number[])[], { image, strides, padding }: Grid): number[][] {
  const [H, W] = image;
  const rows: number[][] = [];
  for (let top = -padding[0]; top + kernel.length <= H + padding[0]; top += strides[0]) {
    for (let left = -padding[1]; left + kernel[0]!.length <= W + padding[1]; left += strides[1]) {
      rows.push(Array.from({ length: H * W }, (_, at) => kernel[Math.floor(at / W) - top]?.[(at % W) - left] ?? 0));
    }
  }
  return rows;
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const grids = fc
  .record({ kernel: pair(1, 4), extra: pair(0, 4), strides: pair(1, 3), padding: pair(0, 3) })
  .map(({ kernel, extra, ...rest }): Grid => ({
    kernel,
    image: [kernel[0] + extra[0], kernel[1] + extra[1]],
    ...rest,
  }));

describe('interpret', () => {
  it('convolves as the Toeplitz matrix of the kernel does, and its adjoints as the transposed matrix', () => {
    fc.assert(
      fc.property(grids, fc.nat(1e6), (grid, seed) => {
        const { image, kernel, strides, padding } = grid;
        const output = [0, 1].map((i) => Math.floor((image[i]! + 2 * padding[i]! - kernel[i]!) / strides[i]!) + 1);
        const geometry: Geometry = {
          ...{ input: image, kernel, strides, padding, output: output as [number, number] },
          ...{ dilations: [1, 1], groups: 1 },
        };
        const stream = randomStream(seed, 'convolution');
        const draw = (length: number): number[] => Array.from({ length }, () => stream.integer(19) - 9);
        const rows = Array.from({ length: kernel[0] }, () => draw(kernel[1]));
        const T = toeplitz(rows, grid);
        const [x, w] = [input('x', ['n', 1, ...image]), input('w', [1, 1, ...kernel])];
        const y = input('y', ['n', 1, ...geometry.output]);
        const bindings = { x: draw(image[0] * image[1]), w: rows.flat(), y: draw(T.length) };
        const timesX = (matrix: readonly number[][]): number[] =>
          matrix.map((row) => row.reduce((sum, t, i) => sum + t * bindings.x[i]!, 0));
        // Integers: every sum is exact. Adding 0 makes −0 a 0.
        const exactly = (output: Tensor): number[] => entriesOf(output, bindings).map((value) => value + 0);
        expect(exactly(convolveWith(x, w, geometry))).toEqual(timesX(T));
        expect(exactly(convolveInput(y, w, geometry))).toEqual(
          bindings.x.map((_, i) => T.reduce((sum, row, j) => sum + row[i]! * bindings.y[j]!, 0)),
        );
        const unit = (at: number) => rows.map((row, u) => row.map((_, v) => Number(u * kernel[1] + v === at)));
        expect(exactly(convolveKernel(x, y, geometry))).toEqual(
          bindings.w.map((_, at) =>
            timesX(toeplitz(unit(at), grid)).reduce((sum, z, j) => sum + z * bindings.y[j]!, 0),
          ),
        );
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('sums a convolution over channels, and keeps samples and filters apart', () => {
    const [x, w] = [input('x', ['n', 2, 1, 1]), input('w', [3, 2, 1, 1])];
    // A 1 × 1 convolution is a matrix product of every pixel.
    expect(entriesOf(convolve(x, w), { x: [1, 2, 3, 4], w: [1, 0, 0, 1, 1, 1] }, 2)).toEqual([1, 2, 3, 3, 4, 7]);
  });

  it('gives a small convolution by hand', () => {
    const [x, w] = [input('x', ['n', 1, 3, 3]), input('w', [1, 1, 2, 2])];
    const bindings = { x: [1, 2, 3, 4, 5, 6, 7, 8, 9], w: [1, 2, 3, 4] };
    expect(entriesOf(convolve(x, w), bindings)).toEqual([37, 47, 67, 77]);
    // Same: the odd zero comes after, as in TensorFlow.
    expect(entriesOf(convolve(x, w, { padding: 'same' }), bindings)).toEqual([37, 47, 21, 67, 77, 33, 23, 26, 9]);
    expect(entriesOf(convolve(x, w, { padding: 1, stride: 2 }), bindings)).toEqual([4, 18, 36, 77]);
  });

  it('pools to the first of equal entries', () => {
    const x = input('x', ['n', 1, 2, 4]);
    const bindings = { x: [1, 7, 0, 0, 7, 7, 0, 0] };
    const slope = gradient(total(maxPool(x, 2)), [x])[0]!;
    expect(entriesOf(maxPool(x, 2), bindings)).toEqual([7, 0]);
    expect(entriesOf(slope, bindings)).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('adds the derivatives of overlapping windows, and leaves rows out that no window covers', () => {
    const x = input('x', ['n', 1, 1, 5]);
    const weight = (y: Tensor): Tensor =>
      total(multiply(y, input('weight', [1, y.shape[1]!, y.shape[2]!, y.shape[3]!])));
    const [tall, other] = [input('x', ['n', 1, 3, 3]), { x: [0, 0, 0, 0, 9, 0, 0, 0, 5], weight: [1, 2, 3, 4] }];
    expect(entriesOf(gradient(weight(maxPool(tall, 2, { stride: 1 })), [tall])[0]!, other)).toEqual([
      0, 0, 0, 0, 10, 0, 0, 0, 0,
    ]);
    const left = { x: [1, 2, 3, 4, 9], weight: [1, 10] };
    expect(entriesOf(gradient(weight(maxPool(x, 1, { stride: 3 })), [x])[0]!, left)).toEqual([1, 0, 0, 10, 0]);
  });

  it('takes the first of equal entries along an axis, with its whole derivative', () => {
    const bindings = { x: [2, 5, 5, 1, 1, 1] };
    expect(entriesOf(max(x23, 1), bindings)).toEqual([5, 1]);
    expect(entriesOf(firstMaximum(x23, 1), bindings)).toEqual([0, 1, 0, 1, 0, 0]);
    expect(entriesOf(gradient(total(max(x23, 1)), [x23])[0]!, bindings)).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it('has relu′(0) = 0', () => {
    expect(entriesOf(gradient(total(relu(x23)), [x23])[0]!, { x: [-1, -0, 0, 1e-300, 1, 2] })).toEqual([
      0, 0, 0, 1, 1, 1,
    ]);
  });

  it('multiplies matrices in all four transpositions', () => {
    const [a, b] = [input('a', [2, 3]), input('b', [3, 2])];
    const bindings = { a: [1, 2, 3, 4, 5, 6], b: [1, 2, 3, 4, 5, 6] };
    const product = [22, 28, 49, 64];
    expect(entriesOf(matmul(a, b), bindings)).toEqual(product);
    const [at, bt] = [input('a', [3, 2]), input('b', [2, 3])];
    const transposed = { a: [1, 4, 2, 5, 3, 6], b: [1, 3, 5, 2, 4, 6] };
    expect(entriesOf(matmul(at, b, { transposeA: true }), { ...bindings, a: transposed.a })).toEqual(product);
    expect(entriesOf(matmul(a, bt, { transposeB: true }), { ...bindings, b: transposed.b })).toEqual(product);
    expect(entriesOf(matmul(at, bt, { transposeA: true, transposeB: true }), transposed)).toEqual(product);
    expect(entriesOf(matmul(transpose(at), transpose(bt)), transposed)).toEqual(product);
  });

  it('moves entries as axes are permuted, selected and summed', () => {
    const x = input('x', [2, 3, 2]);
    const bindings = { x: Array.from({ length: 12 }, (_, i) => i) };
    expect(entriesOf(transpose(x, [2, 0, 1]), bindings)).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
    expect(entriesOf(select(x, 1, [2, -1, 0]), bindings)).toEqual([4, 5, 0, 0, 0, 1, 10, 11, 0, 0, 6, 7]);
    expect(entriesOf(sum(x, [0, 2]), bindings)).toEqual([14, 22, 30]);
  });

  it('broadcasts as NumPy does', () => {
    const bindings = { x: [1, 2, 3, 4, 5, 6], row: [10, 20, 30], column: [100, 200], number: [1000] };
    const [row, column, number] = [input('row', [3]), input('column', [2, 1]), input('number', [])];
    expect(entriesOf(add(add(x23, row), add(column, number)), bindings)).toEqual([1111, 1122, 1133, 1214, 1225, 1236]);
    expect(entriesOf(add(row, column), bindings)).toEqual([110, 120, 130, 210, 220, 230]);
  });

  it('refuses inputs that are missing, of the wrong size, or of two shapes under one name', () => {
    expect(() => interpret([x23], {})).toThrow(UsageError);
    expect(() => interpret([x23], {})).toThrow("input 'x' needs 6 numbers for shape [2, 3], received none");
    expect(() => interpret([x23], { x: [1, 2] })).toThrow('needs 6 numbers for shape [2, 3], received 2');
    const both = add(total(x23), total(input('x', [3, 2])));
    expect(() => interpret([both], { x: [1, 2, 3, 4, 5, 6] })).toThrow(
      "two inputs are named 'x', of shapes [2, 3] and [3, 2]",
    );
  });
});
