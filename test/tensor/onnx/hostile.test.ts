import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { modelType } from '../engine/model-type.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { floats, integers, written, type WrittenModel, type WrittenNode } from './written.js';

/** What is imported, or the error in which that ends, which is a DataError with a way out. */
function attempt(bytes: Uint8Array): DataError | undefined {
  try {
    givenModel(readOnnx(bytes, 'hostile.onnx'));
    return undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message.length).toBeGreaterThan(30);
    return error;
  }
}

const refusal = (model: WrittenModel): string => attempt(written(model))?.message ?? 'imported';

/** A network with most kinds of fields: weights, shapes that are calculated, a branch, a function. */
const small = written({
  inputs: { samples: ['n', 2, 4] },
  outputs: ['scores'],
  initializers: { weight: floats(4, 3), bias: floats(3), gain: { shape: [3], entries: [1, 2, 3] } },
  nodes: [
    { type: 'Shape', inputs: ['samples'], outputs: ['shape'] },
    { type: 'Constant', inputs: [], outputs: ['zero'], attributes: { value: integers(0) } },
    { type: 'Gather', inputs: ['shape', 'zero'], outputs: ['count'] },
    { type: 'Constant', inputs: [], outputs: ['rest'], attributes: { value: integers(-1) } },
    { type: 'Concat', inputs: ['count', 'rest'], outputs: ['flat'], attributes: { axis: 0 } },
    { type: 'MatMul', inputs: ['samples', 'weight'], outputs: ['product'] },
    { type: 'own', domain: 'own', inputs: ['product', 'bias'], outputs: ['hidden'] },
    {
      type: 'LayerNormalization',
      inputs: ['hidden', 'gain'],
      outputs: ['normal'],
      attributes: { epsilon: { float: 1e-5 } },
    },
    { type: 'Constant', inputs: [], outputs: ['yes'], attributes: { value: { shape: [], entries: [1] } } },
    {
      type: 'If',
      inputs: ['yes'],
      outputs: ['chosen'],
      attributes: {
        then_branch: { graph: { outputs: ['a'], nodes: [{ type: 'Tanh', inputs: ['normal'], outputs: ['a'] }] } },
        else_branch: { graph: { outputs: ['b'], nodes: [{ type: 'Relu', inputs: ['normal'], outputs: ['b'] }] } },
      },
    },
    { type: 'Reshape', inputs: ['chosen', 'flat'], outputs: ['scores'] },
  ],
  functions: [
    {
      name: 'own',
      inputs: ['u', 'v'],
      outputs: ['w'],
      nodes: [{ type: 'Add', inputs: ['u', 'v'], outputs: ['w'] }],
    },
  ],
});

describe('a damaged file', () => {
  it('is whole to begin with', () => {
    expect(attempt(small)).toBeUndefined();
    const model = givenModel(readOnnx(small, 'small.onnx'));
    expect([...model.weights.keys()]).toEqual(['weight', 'bias', 'gain']);
    expect([model.inputShape, model.outputShape]).toEqual([[2, 4], [6]]);
  });

  it('ends in a DataError wherever it is cut off', () => {
    for (let length = 0; length < small.length; length++) attempt(small.subarray(0, length));
    expect(attempt(small.subarray(0, small.length - 1))).toBeInstanceOf(DataError);
    expect(attempt(new Uint8Array(0))?.message).toContain('no graph');
  });

  it('ends in a DataError or another network, whichever bytes are changed', () => {
    const change = fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = small.slice();
        for (const [at, value] of changes) bytes[at] = value;
        attempt(bytes);
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  it('ends in a DataError or another network, whatever is put in or taken out', () => {
    const piece = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(fc.nat(small.length), fc.nat(20), piece, (at, taken, put) => {
        attempt(Uint8Array.from([...small.subarray(0, at), ...put, ...small.subarray(at + taken)]));
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it('ends in a DataError where it is no ONNX file at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(attempt(bytes)).toBeInstanceOf(DataError);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('a file that asks for what no network has', () => {
  const huge = fc.constantFrom(2 ** 24, 2 ** 31, 2 ** 40, 2 ** 52, -1, -(2 ** 31), 2 ** 62, 65536);
  const node = (type: string, inputs: readonly string[], attributes: WrittenNode['attributes'] = {}): WrittenNode => ({
    type,
    inputs,
    outputs: ['scores'],
    attributes,
  });
  const makers: readonly ((
    a: number,
    b: number,
  ) => { readonly node: WrittenNode; readonly list: readonly number[] })[] = [
    (a, b) => ({ node: node('ConstantOfShape', ['list']), list: [a, b] }),
    (a, b) => ({ node: node('Expand', ['x', 'list']), list: [a, b, 1, 1] }),
    (a, b) => ({ node: node('Tile', ['x', 'list']), list: [1, 1, a, b] }),
    (a, b) => ({ node: node('Pad', ['x', 'list']), list: [0, 0, a, b, 0, 0, b, a] }),
    (a, b) => ({ node: node('Reshape', ['x', 'list']), list: [a, b] }),
    (a, b) => ({ node: node('Slice', ['x', 'list', 'list', 'axes']), list: [a, b] }),
    (a, b) => ({ node: node('MaxPool', ['x'], { kernel_shape: [a, b] }), list: [1] }),
    (a, b) => ({ node: node('MaxPool', ['x'], { kernel_shape: [1, 1], pads: [a, b, a, b] }), list: [1] }),
    (a, b) => ({
      node: node('AveragePool', ['x'], { kernel_shape: [2, 2], strides: [a, b], ceil_mode: 1 }),
      list: [1],
    }),
    (a, b) => ({
      node: node('AveragePool', ['x'], { kernel_shape: [1, 1], pads: [a, b, 1, 1], count_include_pad: 1 }),
      list: [1],
    }),
    (a, b) => ({ node: node('Conv', ['x', 'kernel'], { pads: [a, b, a, b] }), list: [1] }),
    (a, b) => ({ node: node('Conv', ['x', 'kernel'], { dilations: [a, b], group: a }), list: [1] }),
    (a, b) => ({ node: node('ConvTranspose', ['x', 'kernel'], { strides: [a, b] }), list: [1] }),
    (a, b) => ({ node: node('ConvTranspose', ['x', 'kernel'], { output_shape: [a, b] }), list: [1] }),
    (a) => ({ node: node('OneHot', ['x', 'list', 'pair']), list: [a] }),
    (a, b) => ({ node: node('Split', ['x', 'list'], { axis: 2 }), list: [a, b] }),
    (a) => ({ node: node('Split', ['x'], { axis: 2, num_outputs: a }), list: [1] }),
    (a) => ({ node: node('DepthToSpace', ['x'], { blocksize: a }), list: [1] }),
    (a) => ({ node: node('LRN', ['x'], { size: a }), list: [1] }),
    (a) => ({ node: node('Trilu', ['x', 'list']), list: [a] }),
    (a) => ({ node: node('Concat', ['x', 'x'], { axis: a }), list: [1] }),
    (a) => ({ node: node('GroupNormalization', ['x', 'pair', 'pair'], { num_groups: a }), list: [1] }),
  ];

  it('ends in a DataError, and soon', () => {
    const started = performance.now();
    fc.assert(
      fc.property(fc.constantFrom(...makers), huge, huge, (make, a, b) => {
        const { node: asked, list } = make(a, b);
        attempt(
          written({
            opset: 18,
            inputs: { x: ['n', 2, 4, 4] },
            outputs: ['scores'],
            initializers: {
              list: integers(...list),
              axes: integers(2, 3),
              kernel: floats(2, 2, 2, 2),
              pair: floats(2),
            },
            nodes: [asked],
          }),
        );
      }),
      { numRuns: 600, seed: 4 },
    );
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('may not have samples of such a shape', () => {
    for (const shape of [[2 ** 40], [2 ** 20, 2 ** 20], [2 ** 53, 2 ** 53]]) {
      expect(
        refusal({
          inputs: { x: ['n', ...shape] },
          outputs: ['y'],
          nodes: [{ type: 'Relu', inputs: ['x'], outputs: ['y'] }],
        }),
      ).toMatch(/lengths|shape/);
    }
  });

  it('may not claim arrays that it does not hold', () => {
    const claims: readonly (readonly number[])[] = [
      [2 ** 40],
      [1000, 1000],
      [-1],
      [3, 2 ** 53, 2 ** 53],
      [0.5 * 2 ** 62],
    ];
    for (const dims of claims) {
      const graph = {
        node: [{ opType: 'Identity', input: ['w'], output: ['y'] }],
        initializer: [{ name: 'w', dims, dataType: 1, rawData: new Uint8Array(12) }],
        output: [{ name: 'y' }],
      };
      const bytes = modelType.encode(modelType.fromObject({ graph, opsetImport: [{ version: 17 }] })).finish();
      expect(attempt(bytes)?.message).toContain("initialiser 'w'");
    }
  });

  it('may not nest deeper, or go on longer, than networks do', () => {
    const nested = (depth: number): WrittenModel => {
      let graph = { outputs: ['y'], nodes: [{ type: 'Relu', inputs: ['x'], outputs: ['y'] } as WrittenNode] };
      for (let i = 0; i < depth; i++) {
        const branch = { graph };
        const chosen: WrittenNode = {
          type: 'If',
          inputs: ['yes'],
          outputs: ['y'],
          attributes: { then_branch: branch, else_branch: branch },
        };
        graph = { outputs: ['y'], nodes: [chosen] };
      }
      return { ...graph, inputs: { x: ['n', 2] }, initializers: { yes: floats(1) } };
    };
    expect(refusal(nested(2))).toBe('imported');
    // Six levels of two branches each are 2⁶ graphs.
    expect(refusal(nested(6))).toBe('imported');

    const self = {
      name: 'f',
      inputs: ['u'],
      outputs: ['v'],
      nodes: [{ type: 'f', domain: 'own', inputs: ['u'], outputs: ['v'] }],
    };
    const call = {
      inputs: { x: ['n', 2] },
      outputs: ['y'],
      nodes: [{ type: 'f', domain: 'own', inputs: ['x'], outputs: ['y'] }],
    };
    expect(refusal({ ...call, functions: [self] })).toContain('nested deeper');

    const doubling = Array.from({ length: 30 }, (_, i) => ({
      name: i === 0 ? 'f' : `f${i}`,
      inputs: ['u'],
      outputs: ['w'],
      nodes: [1, 2].map((copy) => ({
        type: i === 29 ? 'Relu' : `f${i + 1}`,
        ...(i < 29 && { domain: 'own' }),
        inputs: [copy === 1 ? 'u' : 'v'],
        outputs: [copy === 1 ? 'v' : 'w'],
      })),
    }));
    expect(refusal({ ...call, functions: doubling })).toContain('nodes');
  });

  it('may not nest messages without end', () => {
    // A graph in an attribute of a node of a graph …, from the inside out.
    let inside: Uint8Array = Uint8Array.of();
    const wrapped = (field: number, bytes: Uint8Array): Uint8Array => {
      const length: number[] = [];
      for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
        length.push(rest < 128 ? rest : (rest % 128) | 128);
        if (rest < 128) break;
      }
      const tag = (field << 3) | 2;
      return Uint8Array.from([tag, ...length, ...bytes]);
    };
    for (let i = 0; i < 200; i++) inside = wrapped(1, wrapped(5, wrapped(6, inside)));
    expect(attempt(wrapped(7, inside))?.message).toContain('nested deeper');
    const many = new Uint8Array(2 ** 23).map((_, i) => (i % 2 === 0 ? (8 << 3) | 2 : 0));
    expect(attempt(many)?.message).toContain('messages');
  });
});

describe('arrays in other files', () => {
  const modelWith = (pairs: Readonly<Record<string, string>>): Uint8Array => {
    const externalData = Object.entries(pairs).map(([key, value]) => ({ key, value }));
    const graph = {
      node: [{ opType: 'MatMul', input: ['x', 'w'], output: ['y'] }],
      initializer: [{ name: 'w', dims: [2, 2], dataType: 1, externalData, dataLocation: 1 }],
      input: [
        { name: 'x', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'n' }, { dimValue: 2 }] } } } },
      ],
      output: [{ name: 'y' }],
    };
    return modelType.encode(modelType.fromObject({ graph, opsetImport: [{ version: 17 }] })).finish();
  };
  const file = new Uint8Array(Float32Array.of(9, 1, 2, 3, 4, 9).buffer);
  const read = (pairs: Readonly<Record<string, string>>) => readOnnx(modelWith(pairs), 'm.onnx', () => file);

  it('are taken from where the file says', () => {
    const { initializers } = read({ location: 'w.bin', offset: '4', length: '16' });
    expect([...initializers.get('w')!.read()]).toEqual([1, 2, 3, 4]);
  });

  it('are refused where nobody reads other files, or the place is not within them', () => {
    expect(() => readOnnx(modelWith({ location: 'w.bin' }), 'm.onnx')).toThrow(/'w\.bin', and only the model itself/);
    expect(() => read({})).toThrow(/does not say which/);
    expect(() => read({ location: 'w.bin', offset: '16', length: '16' })).toThrow(/incomplete/);
    const place = fc.oneof(
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
      fc.string(),
      fc.nat(30).map(String),
    );
    fc.assert(
      fc.property(place, place, (offset, length) => {
        try {
          const { initializers } = read({ location: 'w.bin', offset, length });
          expect(initializers.get('w')!.read()).toHaveLength(4);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});
