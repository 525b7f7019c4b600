import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { floats, integers, written, type WrittenModel, type WrittenNode } from '../../tensor/onnx/written.js';
import { node, refusal } from './imported.js';

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
    [
      'samples by samples',
      {
        ...unary(node('Transpose', ['x'], 'turned')),
        nodes: [node('Transpose', ['x'], 'turned'), node('MatMul', ['x', 'turned'], 'y')],
      },
      /it multiplies samples by one another.*batch_first/,
    ],
    [
      'a fixed batch that is not found again',
      {
        ...unary(node('Add', ['x', 'w'], 'y')),
        inputs: { x: [4, 4] },
        nodes: [node('Transpose', ['x'], 'turned'), node('Add', ['x', 'turned'], 'y')],
      },
      /do not broadcast.*a fixed batch of 4; if that is why, export it with dynamic_axes/,
    ],
    [
      'a branch that the samples decide',
      unary(node('If', ['x'], 'y', { then_branch: { graph: { outputs: ['w'], nodes: [] } } })),
      /\(If\): its condition depends on what the network is given.*torch.where/,
    ],
    ['nothing to join', unary(node('Concat', [], 'y', { axis: 0 })), /\(Concat\): its input 1 is missing/],
    ['nothing to add', unary(node('Sum', [], 'y')), /\(Sum\): its input 1 is missing/],
    ['nothing to multiply', unary(node('Einsum', [], 'y', { equation: '->' })), /\(Einsum\): its input 1 is missing/],
    [
      'fewer samples than one',
      { ...unary(node('Relu', ['x'], 'y')), inputs: { x: [-1, 4] } },
      /takes -1 samples; .*dynamic_axes/,
    ],
    [
      'more samples than fit',
      { ...unary(node('Relu', ['x'], 'y')), inputs: { x: [2 ** 31, 4] } },
      /takes 2147483648 samples/,
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
    await expect(checkImport(runtime, bytes.subarray(0, 20), imported)).rejects.toBeInstanceOf(DataError);
    const text = Uint8Array.from(bytes);
    text[Buffer.from(bytes).indexOf('MatMul')] = 0xff;
    await expect(checkImport(runtime, text, imported)).rejects.toBeInstanceOf(DataError);
  });

  it('is named where ONNX Runtime loads and does not run it', async () => {
    const bytes = written({
      inputs: { x: ['n', 3] },
      outputs: ['y'],
      initializers: { low: { shape: [3], entries: [0, 0, 0] } },
      nodes: [node('Clip', ['x', 'low'], 'y')],
    });
    const imported = givenModel(readOnnx(bytes, 'm.onnx'));
    await expect(checkImport(await nativeRuntime(), bytes, imported)).rejects.toThrow(
      /^m.onnx cannot be checked: ONNX Runtime does not run it, .*Clip.*export it anew/s,
    );
  });
});
