import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { collectingContext, noDeclarations } from '../../../src/loss/network/context.js';
import { givenModel, type GivenModelOptions } from '../../../src/loss/network/onnx-model.js';
import { input } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { floats, integers, written, type WrittenModel, type WrittenNode } from '../../tensor/onnx/written.js';

const model = (graph: WrittenModel, options?: GivenModelOptions) =>
  givenModel(readOnnx(written(graph), 'm.onnx'), options);
const node = (
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: WrittenNode['attributes'] = {},
): WrittenNode => ({ type, inputs, outputs: [output], attributes, name: `to ${output}` });

/** The scores of an imported network, by the interpreter. */
function scoresOf(of: ReturnType<typeof model>, x: readonly number[], samples: number) {
  const declared = noDeclarations();
  const scores = of.layers(input('x', ['n', ...of.inputShape]), collectingContext('evaluate', declared));
  const constants = [...declared.constants].map(([name, { values }]) => [name, values] as const);
  return interpret([scores], { ...Object.fromEntries([...of.weights, ...constants]), x }, samples)[0]!;
}

async function agrees(graph: WrittenModel, options?: GivenModelOptions): Promise<ReturnType<typeof model>> {
  const bytes = written(graph);
  const imported = givenModel(readOnnx(bytes, 'm.onnx'), options);
  const { difference, largest } = await checkImport(await nativeRuntime(), bytes, imported);
  expect(difference).toBeLessThan(1e-5 * largest);
  return imported;
}

const refusal = (graph: WrittenModel, options?: GivenModelOptions): string => {
  try {
    model(graph, options);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as Error).message;
  }
  return 'imported';
};

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
    await agrees(heads(1, [5, 2, 2]));
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

describe('a network that is not imported', () => {
  const unary = (one: WrittenNode): WrittenModel => ({
    inputs: { x: ['n', 4] },
    outputs: ['y'],
    initializers: { w: floats(4) },
    nodes: [one],
  });

  it.each([
    [
      'an operator that is not known',
      unary(node('Acos', ['x'], 'y')),
      /node 'to y' \(Acos\): the operator 'Acos' is not imported.*rewrite/,
    ],
    ['one that is refused', unary(node('LSTM', ['x', 'w'], 'y')), /node 'to y' \(LSTM\): recurrent layers.*export/],
    [
      'one of another domain',
      unary({ ...node('Gelu', ['x'], 'y'), domain: 'com.microsoft' }),
      /\(Gelu\): operators of 'com\.microsoft'.*without/,
    ],
    [
      'no attribute where one is needed',
      unary(node('Cast', ['x'], 'y')),
      /'to y' \(Cast\): its attribute 'to' is missing/,
    ],
    [
      'an attribute of another kind',
      unary(node('Softmax', ['x'], 'y', { axis: 'last' })),
      /attribute 'axis' is of kind 'string' in place of 'int'/,
    ],
    ['an axis that is none', unary(node('Softmax', ['x'], 'y', { axis: 2 })), /axis 2 is not one of the 2 axes/],
    [
      'shapes that do not fit',
      unary(node('MatMul', ['x', 'x'], 'y')),
      /node 'to y' \(MatMul\): matmul needs matching inner axes/,
    ],
    [
      'a value that nothing computes',
      unary(node('Add', ['x', 'nothing'], 'y')),
      /nothing before it computes its input 2, 'nothing'/,
    ],
    [
      'a mean over samples',
      unary(node('ReduceMean', ['x'], 'y', { keepdims: 0 })),
      /it calculates with the number of samples.*reduction='none'/,
    ],
    [
      'a softmax over samples',
      unary(node('Softmax', ['x'], 'y', { axis: 0 })),
      /axis of samples; samples must not depend on one another/,
    ],
    ['a part of the samples', unary(node('Gather', ['x', 'first'], 'y')), /the axis of samples/],
    ['another first axis', unary(node('Transpose', ['x'], 'y')), /an output of shape \[4, n\]/],
    [
      'two inputs',
      { ...unary(node('Add', ['x', 'z'], 'y')), inputs: { x: ['n', 4], z: ['n', 4] } },
      /has the inputs 'x', 'z'; legal is one/,
    ],
    ['no output', { ...unary(node('Relu', ['x'], 'y')), outputs: [] }, /has no output/],
    [
      'operators that are too old',
      { ...unary(node('Relu', ['x'], 'y')), opset: 12 },
      /version 12 of ONNX's operators; legal are 13 to 21/,
    ],
    [
      'operators that are too new',
      { ...unary(node('Relu', ['x'], 'y')), opset: 22 },
      /version 22 of ONNX's operators; legal are 13 to 21/,
    ],
  ] as const)('says which: %s', (_, graph, message) => {
    const given = { ...graph, initializers: { w: floats(4), first: integers(0) } } as WrittenModel;
    expect(refusal(given)).toMatch(message);
  });

  it('is found out where it computes something else than the file', async () => {
    const bytes = written({
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: { w: floats(3, 2) },
      nodes: [node('MatMul', ['x', 'w'], 'y')],
    });
    const imported = givenModel(readOnnx(bytes, 'm.onnx'));
    const other = { ...imported, weights: new Map([['w', imported.weights.get('w')!.map((value) => value + 0.01)]]) };
    const runtime = await nativeRuntime();
    await expect(checkImport(runtime, bytes, other)).rejects.toThrow(/gives other outputs than ONNX Runtime/);
    await expect(checkImport(runtime, bytes.subarray(0, 20), imported)).rejects.toBeInstanceOf(Error);
  });
});
