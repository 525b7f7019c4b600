import { attributeType } from '../../../src/tensor/engine/onnx-schema.js';
import { modelType } from '../engine/model-type.js';

/** An array as it is written: floats unless the entries are bigints. */
export interface WrittenArray {
  readonly shape: readonly number[];
  readonly entries: readonly number[] | readonly bigint[];
}

type Written =
  number | string | readonly number[] | WrittenArray | { readonly float: number } | { readonly graph: WrittenGraph };

export interface WrittenNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Written>>;
  readonly name?: string;
  readonly domain?: string;
}

export interface WrittenGraph {
  readonly inputs?: Readonly<Record<string, readonly (number | string)[]>>;
  /** Number of TensorProto.DataType of inputs: 1, float32, unless given. */
  readonly inputType?: number;
  readonly outputs: readonly string[];
  /** Of the outputs, where the file says it. */
  readonly outputShape?: readonly (number | string)[];
  readonly initializers?: Readonly<Record<string, WrittenArray>>;
  readonly nodes: readonly WrittenNode[];
}

export interface WrittenFunction {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly WrittenNode[];
}

export interface WrittenModel extends WrittenGraph {
  readonly opset?: number;
  readonly functions?: readonly WrittenFunction[];
}

const arrayMessage = ({ shape, entries }: WrittenArray, name?: string): object => {
  const isInteger = typeof entries[0] === 'bigint' || (entries.length === 0 && shape.includes(0));
  const array = isInteger
    ? BigInt64Array.from(entries as readonly bigint[])
    : Float32Array.from(entries as readonly number[]);
  return {
    dims: shape,
    dataType: isInteger ? 7 : 1,
    rawData: new Uint8Array(array.buffer),
    ...(name !== undefined && { name }),
  };
};

const attributeMessage = ([name, value]: readonly [string, Written]): object => {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeType.string };
  if (Array.isArray(value)) return { name, ints: value as number[], type: attributeType.ints };
  if ('float' in value) return { name, f: value.float, type: attributeType.float };
  if ('graph' in value) return { name, g: graphMessage(value.graph), type: attributeType.graph };
  return { name, t: arrayMessage(value as WrittenArray), type: attributeType.tensor };
};

const nodeMessage = ({ type, inputs, outputs, attributes = {}, name = '', domain = '' }: WrittenNode): object => ({
  opType: type,
  name,
  domain,
  input: inputs,
  output: outputs,
  attribute: Object.entries(attributes).map(attributeMessage),
});

const shapeMessage = (shape: readonly (number | string)[]): object => ({
  dim: shape.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })),
});

const graphMessage = ({
  inputs = {},
  inputType = 1,
  outputs,
  outputShape,
  initializers = {},
  nodes,
}: WrittenGraph): object => ({
  name: 'written',
  node: nodes.map(nodeMessage),
  initializer: Object.entries(initializers).map(([name, array]) => arrayMessage(array, name)),
  input: Object.entries(inputs).map(([name, shape]) => ({
    name,
    type: {
      tensorType: {
        elemType: inputType,
        shape: shapeMessage(shape),
      },
    },
  })),
  output: outputs.map((name) => ({
    name,
    type: { tensorType: { elemType: 1, ...(outputShape && { shape: shapeMessage(outputShape) }) } },
  })),
});

/** The bytes of an ONNX file. */
export function written({ opset = 17, functions = [], ...graph }: WrittenModel): Uint8Array {
  const model = {
    irVersion: 8,
    graph: graphMessage(graph),
    opsetImport: [{ domain: '', version: opset }],
    functions: functions.map(({ name, inputs, outputs, nodes }) => ({
      name,
      domain: 'own',
      input: inputs,
      output: outputs,
      node: nodes.map(nodeMessage),
      opsetImport: [{ domain: '', version: opset }],
    })),
  };
  return modelType.encode(modelType.fromObject(model)).finish();
}

/** Row-major floats of a shape, different and reproducible. */
export const floats = (...shape: readonly number[]): WrittenArray => ({
  shape,
  entries: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + shape.length + 1)),
});

export const integers = (...entries: readonly number[]): WrittenArray => ({
  shape: [entries.length],
  entries: entries.map(BigInt),
});
