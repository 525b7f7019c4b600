import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { input, reciprocal, constant, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { compile, type Precision, type Reals, type Runtime } from '../../../src/tensor/engine/index.js';
import { arrayOf } from '../../../src/tensor/onnx/array.js';
import type { OnnxArray, OnnxGraph } from '../../../src/tensor/onnx/graph.js';
import { importOnnx } from '../../../src/tensor/onnx/import.js';
import { operatorOf } from '../../../src/tensor/onnx/operators.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { readMessage } from '../../../src/tensor/onnx/wire.js';

/** Where Debian's libonnx-testdata puts the cases of ONNX's own backend test. */
export const testData = '/usr/share/libonnx-testdata/data';
export const hasTestData = existsSync(testData);

/** One network with inputs and the outputs that its authors expect. */
export interface Case {
  readonly name: string;
  readonly folder: string;
}

export const casesOf = (kind: string): Case[] =>
  readdirSync(join(testData, kind))
    .sort()
    .map((name) => ({ name: `${kind}/${name.replace(/^test_/, '')}`, folder: join(testData, kind, name) }))
    .filter(({ folder }) => existsSync(join(folder, 'model.onnx')));

export interface Loaded {
  readonly graph: OnnxGraph;
  readonly sets: readonly { readonly inputs: readonly OnnxArray[]; readonly outputs: readonly OnnxArray[] }[];
}

const tensorFile = (path: string): OnnxArray =>
  arrayOf(readMessage(readFileSync(path), 'TensorProto'), path, undefined);

export function load({ name, folder }: Case): Loaded {
  const graph = readOnnx(readFileSync(join(folder, 'model.onnx')), name, undefined, [1, 21]);
  for (const node of graph.nodes) if (!graph.functions.has(`${node.domain}.${node.type}`)) operatorOf(node);
  const sets = readdirSync(folder)
    .filter((set) => set.startsWith('test_data_set'))
    .map((set) => {
      const files = readdirSync(join(folder, set));
      const numbered = (kind: string): OnnxArray[] =>
        Array.from({ length: files.filter((file) => file.startsWith(kind)).length }, (_, i) =>
          tensorFile(join(folder, set, `${kind}_${i}.pb`)),
        );
      return { inputs: numbered('input'), outputs: numbered('output') };
    });
  return { graph, sets };
}

/** A case as graphs: outputs in their order, and what their inputs are bound to. */
export interface Imported {
  readonly outputs: readonly Tensor[];
  readonly bindings: Readonly<Record<string, Float64Array>>;
}

/** Imports with the inputs given, those for which `isKnown` holds as initialisers, whose values shapes may depend on. */
export function importWith(
  graph: OnnxGraph,
  inputs: readonly OnnxArray[],
  isKnown: (array: OnnxArray, i: number) => boolean,
): Imported {
  const initializers = new Map(graph.initializers);
  const given = new Map<string, Tensor>();
  const bindings: Record<string, Float64Array> = {};
  graph.inputs.forEach(({ name }, i) => {
    const array = inputs[i];
    if (array === undefined) return;
    if (isKnown(array, i)) initializers.set(name, array);
    else {
      given.set(name, input(`input ${name}`, array.shape));
      bindings[`input ${name}`] = array.read();
      initializers.delete(name);
    }
  });
  const bind =
    (kind: string) =>
    (name: string, shape: readonly number[], data: Float64Array): Tensor => {
      bindings[`${kind} ${name}`] = data;
      return input(`${kind} ${name}`, shape);
    };
  const outputs = importOnnx(
    { ...graph, initializers },
    { inputs: given, parameter: bind('parameter'), constant: bind('constant'), share: reciprocal(constant(1)) },
  );
  return { outputs: graph.outputs.map(({ name }) => outputs.get(name)!), bindings };
}

/** The largest |received − expected| over what ONNX's backend test allows, rtol 1e-3 and atol 1e-7; Infinity for another shape. */
export function discrepancy(
  received: readonly { readonly shape: readonly number[]; readonly data: ArrayLike<number> }[],
  expected: readonly OnnxArray[],
): number {
  if (received.length !== expected.length) return Infinity;
  return Math.max(
    0,
    ...expected.map(({ shape, read }, k) => {
      const { data, shape: own } = received[k]!;
      if (String(shape) !== String(own)) return Infinity;
      return read().reduce((worst, value, i) => {
        const other = data[i]!;
        if (Object.is(value, other) || value === other || (Number.isNaN(value) && Number.isNaN(other))) return worst;
        const ratio = Math.abs(other - value) / (1e-7 + 1e-3 * Math.abs(value));
        return Math.max(worst, Number.isNaN(ratio) ? Infinity : ratio);
      }, 0);
    }),
  );
}

export const interpreted = ({ outputs, bindings }: Imported) =>
  interpret(outputs, bindings) as { readonly shape: readonly number[]; readonly data: Float64Array }[];

export async function lowered(runtime: Runtime, { outputs, bindings }: Imported, precision: Precision) {
  const named = Object.fromEntries(outputs.map((output, i) => [`output ${i}`, output]));
  const program = await compile(runtime, named, { precision });
  const inputs = Object.fromEntries(
    Object.entries(bindings).map(([name, data]): [string, Reals] => [
      name,
      precision === 'f32' ? Float32Array.from(data) : data,
    ]),
  );
  const results = await program.run(inputs, 1);
  await program.release();
  return outputs.map(({ shape }, i) => ({ shape: shape as readonly number[], data: results[`output ${i}`]! }));
}
