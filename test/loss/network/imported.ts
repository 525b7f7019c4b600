import { expect } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { collectingContext, noDeclarations } from '../../../src/loss/network/context.js';
import { givenModel, type GivenModelOptions } from '../../../src/loss/network/onnx-model.js';
import { input } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { written, type WrittenModel, type WrittenNode } from '../../tensor/onnx/written.js';

/** The network of an ONNX graph. */
export const model = (graph: WrittenModel, options?: GivenModelOptions) =>
  givenModel(readOnnx(written(graph), 'm.onnx'), options);
export const node = (
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: WrittenNode['attributes'] = {},
): WrittenNode => ({ type, inputs, outputs: [output], attributes, name: `to ${output}` });

/** The scores of an imported network, by the interpreter. */
export function scoresOf(of: ReturnType<typeof model>, x: readonly number[], samples: number) {
  const declared = noDeclarations();
  const scores = of.layers(input('x', ['n', ...of.inputShape]), collectingContext('evaluate', declared));
  const constants = [...declared.constants].map(([name, { values }]) => [name, values] as const);
  return interpret([scores], { ...Object.fromEntries([...of.weights, ...constants]), x }, samples)[0]!;
}

export async function agrees(graph: WrittenModel, options?: GivenModelOptions): Promise<ReturnType<typeof model>> {
  const bytes = written(graph);
  const imported = givenModel(readOnnx(bytes, 'm.onnx'), options);
  const { difference, largest } = await checkImport(await nativeRuntime(), bytes, imported);
  expect(difference).toBeLessThan(1e-5 * largest);
  return imported;
}

export const refusal = (graph: WrittenModel, options?: GivenModelOptions): string => {
  try {
    model(graph, options);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as Error).message;
  }
  return 'imported';
};
