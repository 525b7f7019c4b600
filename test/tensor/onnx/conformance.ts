import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../../src/errors.js';
import { constant, input, reciprocal, type Tensor } from '../../../src/tensor/autodiff/index.js';
import { interpret } from '../../../src/tensor/autodiff/interpreter.js';
import { compile, type Reals, type Runtime } from '../../../src/tensor/engine/index.js';
import { arrayOf } from '../../../src/tensor/onnx/array.js';
import { bfloatToNumber } from '../../../src/numeric/kernels/half.js';
import { isFloat } from '../../../src/tensor/onnx/element-type.js';
import type { OnnxArray, OnnxGraph } from '../../../src/tensor/onnx/graph.js';
import { importOnnx } from '../../../src/tensor/onnx/import.js';
import { operatorOf } from '../../../src/tensor/onnx/operators.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';
import { readMessage } from '../../../src/tensor/onnx/wire.js';

/** Where Debian's libonnx-testdata puts the cases of ONNX's own backend test. */
const testData = '/usr/share/libonnx-testdata/data';
export const hasTestData = existsSync(testData);

/** Folders of the package with networks and what they must give. */
export const kinds = ['node', 'pytorch-converted', 'pytorch-operator', 'simple'] as const;

/** What became of one case. */
export interface Outcome {
  readonly name: string;
  /** Its operators. */
  readonly operators: readonly string[];
  /** Why it is not imported; undefined where it is. */
  readonly refusal: string | undefined;
  /** The largest difference from what is expected, in units of what is allowed, by the interpreter and by ONNX Runtime. */
  readonly interpreted: number;
  readonly compiled: number;
}

const casesOf = (kind: string): string[] =>
  readdirSync(join(testData, kind))
    .sort()
    .map((name) => join(testData, kind, name))
    .filter((folder) => existsSync(join(folder, 'model.onnx')));

/** Every case of a folder, one after the other. Throws whatever is no DataError. */
export async function outcomesOf(kind: string, runtime: Runtime): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const folder of casesOf(kind)) outcomes.push(await outcomeOf(folder, runtime));
  return outcomes;
}

async function outcomeOf(folder: string, runtime: Runtime): Promise<Outcome> {
  const name = folder.slice(testData.length + 1);
  const operators = new Set<string>();
  const refused = (error: unknown): Outcome => {
    if (!(error instanceof DataError)) throw new Error(`${name} ends in no DataError`, { cause: error });
    return { name, operators: [...operators], refusal: error.message, interpreted: 0, compiled: 0 };
  };
  let worst = { interpreted: 0, compiled: 0 };
  try {
    const graph = readOnnx(readFileSync(join(folder, 'model.onnx')), name, undefined, [1, 21]);
    for (const { type } of graph.nodes) operators.add(type);
    graph.nodes.filter((node) => !graph.functions.has(`${node.domain}.${node.type}`)).forEach(operatorOf);
    for (const set of readdirSync(folder).filter((file) => file.startsWith('test_data_set'))) {
      const { inputs, outputs } = arraysOf(join(folder, set), graph);
      const imported = importInSomeWay(graph, inputs);
      worst = {
        interpreted: Math.max(worst.interpreted, discrepancy(interpretedBy(imported), outputs)),
        compiled: Math.max(worst.compiled, discrepancy(await compiledBy(runtime, imported, outputs), outputs)),
      };
    }
  } catch (error) {
    return refused(error);
  }
  return { name, operators: [...operators], refusal: undefined, ...worst };
}

interface Arrays {
  readonly inputs: readonly OnnxArray[];
  readonly outputs: readonly OnnxArray[];
}

function arraysOf(folder: string, graph: OnnxGraph): Arrays {
  const files = readdirSync(folder);
  const numbered = (kind: 'input' | 'output'): OnnxArray[] =>
    Array.from({ length: files.filter((file) => file.startsWith(kind)).length }, (_, i) => {
      const path = join(folder, `${kind}_${i}.pb`);
      const array = arrayOf(readMessage(readFileSync(path), 'TensorProto'), path, undefined);
      // The package stores the bits of bfloat16 as integers.
      const isBits = array.type === 'uint16' && graph[`${kind}s`][i]?.type === 'bfloat16';
      return isBits ? { ...array, type: 'bfloat16', read: () => array.read().map(bfloatToNumber) } : array;
    });
  return { inputs: numbered('input'), outputs: numbered('output') };
}

/** A case as graphs: outputs in their order, and what their inputs are bound to. */
interface Imported {
  readonly outputs: readonly Tensor[];
  readonly bindings: Readonly<Record<string, Float64Array>>;
}

/** Which inputs a file may know: none, those that are no real numbers, all but the first, all. */
const ways: readonly ((array: OnnxArray, i: number) => boolean)[] = [
  () => false,
  ({ type }) => !isFloat(type),
  (_, i) => i > 0,
  () => true,
];

/** Imports with as few inputs known beforehand as there can be: shapes and bounds must be, and cases give them as inputs. */
function importInSomeWay(graph: OnnxGraph, inputs: readonly OnnxArray[]): Imported {
  let first: unknown;
  for (const isKnown of ways) {
    try {
      return importWith(graph, inputs, isKnown);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

function importWith(
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
    if (isKnown(array, i)) {
      initializers.set(name, array);
      return;
    }
    given.set(name, input(`input ${name}`, array.shape));
    bindings[`input ${name}`] = array.read();
    initializers.delete(name);
  });
  const bind =
    (kind: string) =>
    (name: string, shape: readonly number[], data: Float64Array): Tensor => {
      bindings[`${kind} ${name}`] = data;
      return input(`${kind} ${name}`, shape);
    };
  const outputs = importOnnx(
    { ...graph, initializers },
    {
      inputs: given,
      parameter: bind('parameter'),
      constant: bind('constant'),
      share: reciprocal(constant(1)),
      note(text) {
        // Cases expect what training does.
        if (text.endsWith('as in evaluation')) throw new DataError(`${graph.name} (training): ${text}`);
      },
    },
  );
  return { outputs: graph.outputs.map(({ name }) => outputs.get(name)!), bindings };
}

interface Received {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

const interpretedBy = ({ outputs, bindings }: Imported): Received[] => interpret(outputs, bindings);

async function compiledBy(
  runtime: Runtime,
  { outputs, bindings }: Imported,
  expected: readonly OnnxArray[],
): Promise<Received[]> {
  const precision = expected.some(({ type }) => type === 'float64') ? 'f64' : 'f32';
  const named = Object.fromEntries(outputs.map((output, i) => [`output ${i}`, output]));
  const program = await compile(runtime, named, { precision });
  const inputs = Object.entries(bindings).map(([name, data]): [string, Reals] => [
    name,
    precision === 'f32' ? Float32Array.from(data) : data,
  ]);
  const results = await program.run(Object.fromEntries(inputs), 1);
  await program.release();
  return outputs.map(({ shape }, i) => ({ shape: shape as readonly number[], data: results[`output ${i}`]! }));
}

/** |received − expected| over what ONNX's backend test allows, rtol 1e-3 and atol 1e-7; Infinity for another shape. */
function discrepancy(received: readonly Received[], expected: readonly OnnxArray[]): number {
  if (received.length !== expected.length) return Infinity;
  const each = expected.map(({ shape, read }, k) => {
    const { data, shape: own } = received[k]!;
    if (String(shape) !== String(own)) return Infinity;
    return read().reduce((worst, value, i) => {
      const other = data[i]!;
      if (value === other || (Number.isNaN(value) && Number.isNaN(other))) return worst;
      const ratio = Math.abs(other - value) / (1e-7 + 1e-3 * Math.abs(value));
      return Math.max(worst, Number.isNaN(ratio) ? Infinity : ratio);
    }, 0);
  });
  return Math.max(0, ...each);
}
