import { describe, expect, it } from 'vitest';
import { onnxEmitter } from '../../../src/tensor/engine/onnx-emitter.js';
import { modelType } from './model-type.js';
import { decoded } from './decoded.js';

describe('onnxEmitter', () => {
  it('writes bytes that the schema decodes to the same graph: nodes, attributes, shapes with n', () => {
    const emitter = onnxEmitter('f32');
    emitter.input('x', ['n', 3, 4]);
    const y = emitter.node('Transpose', ['x'], { perm: [0, 2, 1] });
    emitter.output('out', emitter.node('Softmax', [y], { axis: -1 }), ['n', 4, 3]);
    const model = decoded(emitter.finish());
    expect(model.irVersion).toBe('8');
    expect(model.opsetImport.map(({ version }) => version)).toEqual(['18']);
    const shape = (dim: object[]) => ({ tensorType: { elemType: 1, shape: { dim } } });
    expect(model.graph).toEqual({
      name: 'tiny-subspace',
      node: [
        {
          opType: 'Transpose',
          input: ['x'],
          output: ['#0'],
          attribute: [{ name: 'perm', ints: ['0', '2', '1'], type: 7 }],
        },
        { opType: 'Softmax', input: ['#0'], output: ['#1'], attribute: [{ name: 'axis', i: '-1', type: 2 }] },
        { opType: 'Identity', input: ['#1'], output: ['out'] },
      ],
      input: [{ name: 'x', type: shape([{ dimParam: 'n' }, { dimValue: '3' }, { dimValue: '4' }]) }],
      output: [{ name: 'out', type: shape([{ dimParam: 'n' }, { dimValue: '4' }, { dimValue: '3' }]) }],
    });
  });

  it('reads back the numbers it wrote, in every type', () => {
    for (const [precision, type, values] of [
      ['f32', Float32Array, [1.5, -0.25, 3]],
      ['f64', Float64Array, [0.1, -1e300, Math.PI]],
    ] as const) {
      const emitter = onnxEmitter(precision);
      const parts = [emitter.reals(values, [3]), emitter.integers([-1, 2 ** 40])];
      emitter.output('out', emitter.node('Any', parts), []);
      const { graph } = modelType.toObject(modelType.decode(emitter.finish())) as {
        graph: { initializer: { rawData: Uint8Array; dataType: number }[] };
      };
      const [reals, integers] = graph.initializer.map(({ rawData }) => Uint8Array.from(rawData).buffer);
      expect([...new type(reals!)]).toEqual(values);
      expect([...new BigInt64Array(integers!)]).toEqual([-1n, 2n ** 40n]);
      expect(graph.initializer.map(({ dataType }) => dataType)).toEqual([precision === 'f32' ? 1 : 11, 7]);
    }
  });

  it('makes nodes and constants that are asked for twice once, and counts both outputs of MaxPool as one node', () => {
    const emitter = onnxEmitter('f64');
    emitter.input('x', ['n', 1, 2, 2]);
    expect(emitter.integers([1, 2])).toBe(emitter.integers([1, 2]));
    expect(emitter.integers([1, 2])).not.toBe(emitter.reals([1, 2], [2]));
    expect(emitter.integers([1, 2])).not.toBe(emitter.integers([1, 2], [1, 2]));
    expect(emitter.node('Exp', ['x'])).toBe(emitter.node('Exp', ['x']));
    const pool = (output: number): string => emitter.node('MaxPool', ['x'], { kernel_shape: [2, 2] }, output);
    expect(pool(1)).toBe(`${pool(0)}_1`);
  });

  it('leaves out what no output depends on', () => {
    const emitter = onnxEmitter('f64');
    emitter.input('x', ['n']);
    emitter.node('Add', ['x', emitter.reals([1], [])]);
    emitter.output('out', emitter.node('Exp', ['x']), ['n']);
    const { graph } = decoded(emitter.finish());
    expect(graph.node.map(({ opType }) => opType)).toEqual(['Exp', 'Identity']);
    expect(graph.initializer).toBeUndefined();
  });
});
