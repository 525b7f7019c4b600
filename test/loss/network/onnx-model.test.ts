import { describe, expect, it } from 'vitest';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { floats, integers, written, type WrittenModel } from '../../tensor/onnx/written.js';
import { agrees, model, node, refusal, scoresOf } from './imported.js';

describe('the parameters of an imported network', () => {
  it('are what is stored twice only once: equal arrays, and transposed ones', async () => {
    const { shape, entries } = floats(4, 3);
    const transposed = {
      shape: [3, 4],
      entries: Array.from({ length: 12 }, (_, i) => entries[(i % 4) * 3 + Math.floor(i / 4)] as number),
    };
    const tied = await agrees({
      inputs: { tokens: ['batch', 4] },
      outputs: ['y'],
      initializers: { first: { shape, entries }, again: { shape, entries }, turned: transposed },
      nodes: [
        node('MatMul', ['tokens', 'first'], 'a'),
        node('MatMul', ['a', 'turned'], 'b'),
        node('MatMul', ['b', 'again'], 'y'),
      ],
    });
    expect([...tied.weights.keys()]).toEqual(['first']);
    expect(tied.notes).toEqual(["'turned' is 'first' transposed: one array", "'again' is 'first': one array"]);
  });

  it('are each their own where names differ in numbers alone, as those of layers that are copies; said is what the file holds once', async () => {
    const copies = await agrees({
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: { 'layers.0.weight': floats(3, 3), 'layers.1.weight': floats(3, 3) },
      nodes: [
        node('Identity', ['layers.1.weight'], 'layers.2.weight'),
        node('MatMul', ['x', 'layers.0.weight'], 'a'),
        node('MatMul', ['a', 'layers.1.weight'], 'b'),
        node('MatMul', ['b', 'layers.2.weight'], 'y'),
      ],
    });
    expect([...copies.weights.keys()]).toEqual(['layers.0.weight', 'layers.1.weight']);
    expect(copies.notes.join()).toMatch(/^'layers.2.weight' is 'layers.1.weight': one array; .*TrainingMode.TRAINING$/);
  });

  it('are each their own where all entries are one number, though an exporter stores them once', async () => {
    const ones = { shape: [3], entries: [1, 1, 1] };
    const gains = await agrees({
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: { 'norm1.weight': ones, other: { shape: [3], entries: [1, 1, 1] } },
      nodes: [
        node('Identity', ['norm1.weight'], 'norm2.weight'),
        node('Mul', ['x', 'norm1.weight'], 'a'),
        node('Mul', ['a', 'norm2.weight'], 'b'),
        node('Mul', ['b', 'other'], 'y'),
      ],
    });
    expect([...gains.weights.keys()]).toEqual(['norm1.weight', 'norm2.weight', 'other']);
  });

  it('are each their own where nodes share an array whose entries are equal, and one where they are not', async () => {
    const shared = (entries: readonly number[]) =>
      agrees({
        inputs: { x: ['n', 3] },
        outputs: ['y'],
        initializers: { gain: { shape: [3], entries } },
        nodes: [node('Mul', ['x', 'gain'], 'a'), node('Tanh', ['a'], 'b'), node('Mul', ['b', 'gain'], 'y')],
      });
    const ones = await shared([1, 1, 1]);
    expect([...ones.weights.keys()]).toEqual(['gain', 'gain of y']);
    expect(ones.notes).toEqual(["'gain', all of whose entries are equal, is in 2 nodes: an array of its own in each"]);
    expect([...(await shared([1, 2, 1])).weights.keys()]).toEqual(['gain']);
  });

  it('are not masks that are added to scores, however large a number stands for −∞', async () => {
    const masked = (entries: readonly number[]) =>
      agrees({
        inputs: { x: ['n', 3] },
        outputs: ['y'],
        initializers: { mask: { shape: [3], entries } },
        nodes: [node('Add', ['x', 'mask'], 'a'), node('Softmax', ['a'], 'y', { axis: -1 })],
      });
    for (const low of [-1000, -1e9, -3.4e38]) {
      expect([...(await masked([0, low, 0])).weights.keys()]).toEqual([]);
    }
    expect([...(await masked([0.5, -1000, 0])).weights.keys()]).toEqual(['mask']);
  });

  it('are not running averages, single numbers, what is not finite, or what the output does not depend on', async () => {
    const graph: WrittenModel = {
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: {
        gain: { shape: [3], entries: [1, 2, 3] },
        offset: { shape: [3], entries: [0.5, 0, 1] },
        mean: { shape: [3], entries: [0.1, 0.2, 0.3] },
        variance: { shape: [3], entries: [1, 2, 0.5] },
        mask: { shape: [3], entries: [0, Infinity, 0] },
        factor: { shape: [], entries: [2] },
        bound: { shape: [3], entries: [-4, -5, -6] },
      },
      nodes: [
        {
          ...node('BatchNormalization', ['x', 'gain', 'offset', 'mean', 'variance'], 'a', { training_mode: 1 }),
          outputs: ['a', 'm', 'v'],
        },
        node('Mul', ['a', 'factor'], 'b'),
        node('Greater', ['b', 'bound'], 'c'),
        node('Where', ['c', 'b', 'mask'], 'y'),
      ],
    };
    const imported = await agrees(graph);
    expect([...imported.weights.keys()]).toEqual(['gain', 'offset']);
    expect(imported.notes.join('\n')).toMatch(/running averages of the file/);
    expect(imported.notes.join('\n')).toMatch(/'mask' is constant: it has entries that are not finite/);
    expect(imported.notes.join('\n')).toMatch(/'bound' is constant: the output does not depend on it differentiably/);
    expect(imported.notes.join('\n')).toMatch(/'factor' is constant: it is a single number/);
    expect([...model(graph, { isSelected: (name) => name === 'factor' }).weights.keys()]).toEqual([
      'gain',
      'offset',
      'factor',
    ]);
    const [x, gain, factor] = [0.7, 1, 2];
    expect(scoresOf(imported, [x, 0, 0], 1).data[0]).toBeCloseTo(
      factor * ((gain * (x - 0.1)) / Math.sqrt(1 + 1e-5) + 0.5),
      6,
    );
  });

  it('are not running averages either in version 13, where more outputs than one are the mode of training', async () => {
    const imported = await agrees({
      opset: 13,
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: {
        gain: floats(3),
        offset: floats(3),
        mean: floats(3),
        variance: { shape: [3], entries: [1, 2, 0.5] },
      },
      nodes: [
        {
          ...node('BatchNormalization', ['x', 'gain', 'offset', 'mean', 'variance'], 'y'),
          outputs: ['y', 'm', 'v', 'saved_m', 'saved_v'],
        },
      ],
    });
    expect(imported.notes.join()).toMatch(/running averages of the file, as in evaluation/);
  });

  it('have names that graphs do not use themselves', () => {
    const graph: WrittenModel = {
      inputs: { samples: ['n', 2] },
      outputs: ['scores'],
      initializers: { x: floats(2, 2) },
      nodes: [node('MatMul', ['samples', 'x'], 'scores')],
    };
    expect([...model(graph).weights.keys()]).toEqual(['given.x']);
  });
});

describe('the samples of an imported network', () => {
  const heads = (batch: number, target: readonly number[]): WrittenModel => ({
    inputs: { x: [batch, 5, 4] },
    outputs: ['y'],
    initializers: {
      weight: floats(4, 4),
      target: integers(...target),
    },
    nodes: [
      node('MatMul', ['x', 'weight'], 'product'),
      node('Transpose', ['product'], 'turned', { perm: [1, 0, 2] }),
      node('Shape', ['turned'], 'shape'),
      node('Reshape', ['turned', 'target'], 'heads'),
      node('Softmax', ['heads'], 'soft', { axis: -1 }),
      node('Reshape', ['soft', 'shape'], 'joined'),
      node('Transpose', ['joined'], 'y', { perm: [1, 0, 2] }),
    ],
  });
  it('are those of a batch that the file fixes, on the axis where they are, merged with others or not', async () => {
    const fixed = await agrees(heads(3, [5, 6, 2]));
    expect([fixed.signature.batch, fixed.inputShape, fixed.outputShape]).toEqual([3, [5, 4], [5, 4]]);
    const x = Array.from({ length: 40 }, (_, i) => Math.cos(i));
    const both = scoresOf(fixed, x, 2).data;
    expect([...both.subarray(0, 20)]).toEqual([...scoresOf(fixed, x.slice(0, 20), 1).data]);
    expect([...both.subarray(20)]).toEqual([...scoresOf(fixed, x.slice(20), 1).data]);
    const one = await agrees(heads(1, [5, 2, 2]));
    expect([...scoresOf(one, x, 2).data]).toEqual([...both]);
  });

  it.each([
    ['of 4', 4, 5],
    ['of as many as tokens', 4, 4],
    ['of one', 1, 5],
  ] as const)('are found again where a fixed batch is merged and taken apart: %s', async (_, batch, tokens) => {
    const [flat, apart, rows] = [integers(batch * tokens, 6), integers(batch, tokens, 6), integers(batch, tokens * 6)];
    const parted = await agrees({
      inputs: { x: [batch, tokens, 6] },
      outputs: ['y'],
      initializers: { weight: floats(6, 6), flat, apart, rows },
      nodes: [
        node('Reshape', ['x', 'flat'], 'a'),
        node('MatMul', ['a', 'weight'], 'b'),
        node('Reshape', ['b', 'apart'], 'c'),
        node('Add', ['c', 'x'], 'd'),
        node('Reshape', ['d', 'flat'], 'e'),
        node('Tanh', ['e'], 'f'),
        node('Reshape', ['f', 'rows'], 'y'),
      ],
    });
    expect(parted.outputShape).toEqual([tokens * 6]);
  });

  it('may not depend on one another, as where an axis of samples is viewed as another one', async () => {
    const bytes = written({
      inputs: { x: ['n', 4, 3] },
      outputs: ['y'],
      initializers: { weight: floats(3, 3), target: integers(4, -1, 3), axes: integers(0) },
      nodes: [
        node('MatMul', ['x', 'weight'], 'product'),
        node('Reshape', ['product', 'target'], 'mixed'),
        node('ReduceSum', ['mixed', 'axes'], 'y', { keepdims: 0 }),
      ],
    });
    const imported = givenModel(readOnnx(bytes, 'm.onnx'));
    const runtime = await nativeRuntime();
    await expect(checkImport(runtime, bytes, imported)).rejects.toThrow(
      /depends on the samples beside it.*batch_first/,
    );
  });

  it('are those of a batch of one with one output, which is no mean', async () => {
    const fixed = await agrees({
      inputs: { x: [1, 4] },
      outputs: ['y'],
      outputShape: [1, 1],
      initializers: { weight: floats(4, 1) },
      nodes: [node('MatMul', ['x', 'weight'], 'y')],
    });
    expect([fixed.isMean, fixed.outputShape, fixed.notes]).toEqual([false, [1], []]);
  });

  it('are those of a batch of one, where rows were merged and part again', async () => {
    const graph: WrittenModel = {
      inputs: { x: [1, 5, 4] },
      outputs: ['y'],
      initializers: {
        weight: floats(4, 4),
        rows: integers(-1, 4),
        heads: integers(1, 5, -1, 2),
        whole: integers(1, 5, 4),
      },
      nodes: [
        node('Reshape', ['x', 'rows'], 'flat'),
        node('MatMul', ['flat', 'weight'], 'product'),
        node('Reshape', ['product', 'heads'], 'parts'),
        node('Transpose', ['parts'], 'queries', { perm: [0, 2, 1, 3] }),
        node('Transpose', ['parts'], 'keys', { perm: [0, 2, 3, 1] }),
        node('MatMul', ['queries', 'keys'], 'scores'),
        node('Softmax', ['scores'], 'weights', { axis: -1 }),
        node('MatMul', ['weights', 'queries'], 'mixed'),
        node('Transpose', ['mixed'], 'turned', { perm: [0, 2, 1, 3] }),
        node('Reshape', ['turned', 'whole'], 'y'),
      ],
    };
    const fixed = await agrees(graph);
    expect([fixed.signature.batch, fixed.outputShape]).toEqual([1, [5, 4]]);
    const x = Array.from({ length: 60 }, (_, i) => Math.cos(i));
    const together = scoresOf(fixed, x, 3).data;
    for (const i of [0, 1, 2]) {
      expect([...together.subarray(20 * i, 20 * i + 20)]).toEqual([
        ...scoresOf(fixed, x.slice(20 * i, 20 * i + 20), 1).data,
      ]);
    }
  });

  it('count in shapes that the file calculates: products and quotients of n, and what it chooses by them', async () => {
    const calculated = await agrees({
      inputs: { x: ['n', 6] },
      outputs: ['y'],
      initializers: {
        weight: floats(3, 3),
        three: integers(3),
        two: integers(2),
        zero: integers(0),
        open: integers(-1),
        one: integers(1),
        row: floats(1, 3),
      },
      nodes: [
        node('Shape', ['x'], 'shape'),
        node('Gather', ['shape', 'zero'], 'n'),
        node('Mul', ['n', 'two'], 'twice'),
        node('Concat', ['twice', 'three'], 'merged', { axis: 0 }),
        node('Reshape', ['x', 'merged'], 'rows'),
        node('MatMul', ['rows', 'weight'], 'product'),
        // What torch.expand becomes: −1 keeps a length.
        node('Equal', ['merged', 'open'], 'keeps'),
        node('Where', ['keeps', 'one', 'merged'], 'wide'),
        node('Expand', ['row', 'wide'], 'stretched'),
        node('Add', ['product', 'stretched'], 'sum'),
        node('Div', ['twice', 'two'], 'again'),
        node('Concat', ['again', 'open'], 'target', { axis: 0 }),
        node('Reshape', ['sum', 'target'], 'y'),
      ],
    });
    expect(calculated.outputShape).toEqual([6]);
  });

  it('are joined to what is the same for each, in a file for one', async () => {
    const joined = await agrees({
      inputs: { x: [1, 3, 2] },
      outputs: ['y'],
      initializers: { token: { shape: [1, 1, 2], entries: [3, 4] } },
      nodes: [node('Concat', ['token', 'x'], 'y', { axis: 1 })],
    });
    expect([...scoresOf(joined, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2).data]).toEqual([
      3, 4, 1, 2, 3, 4, 5, 6, 3, 4, 7, 8, 9, 10, 11, 12,
    ]);
  });

  it('may be numbers that are looked up, from 0 to the size of the table', async () => {
    const looked = await agrees({
      inputs: { tokens: ['n', 3] },
      inputType: 7,
      outputs: ['y'],
      initializers: { table: floats(5, 2) },
      nodes: [node('Gather', ['table', 'tokens'], 'y')],
    });
    expect([looked.vocabulary, looked.outputShape]).toEqual([5, [3, 2]]);
  });

  it('have open lengths only where the data say them', () => {
    const open: WrittenModel = {
      inputs: { x: ['n', 'length'] },
      outputs: ['y'],
      initializers: { weight: floats(3, 2) },
      nodes: [node('MatMul', ['x', 'weight'], 'y')],
    };
    expect(refusal(open)).toMatch(/leaves the shape of its samples open, \[length\]/);
    expect(model(open, { inputShape: [3] }).inputShape).toEqual([3]);
    expect(refusal({ ...open, inputs: { x: ['n', 3] } }, { inputShape: [4] })).toMatch(
      /takes samples of shape \[3\], and the data have \[4\]/,
    );
  });
});
