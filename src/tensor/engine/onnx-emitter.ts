import type { Precision } from '../../numeric/kernels/float-array.js';
import { isCounted, type Shape } from '../autodiff/tensor.js';
import { attributeType, dataType } from './onnx-schema.js';
import { writeMessage } from './write-message.js';

type Attribute = number | string | readonly number[];

/** Collects the nodes of an ONNX graph and writes it. Values are known by their names. */
export interface Emitter {
  readonly precision: Precision;
  /** Adds a node and returns the name of its output number `output` (0 unless given). */
  node(
    type: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    output?: number,
  ): string;
  /** A constant of the graph's precision. */
  reals(values: readonly number[], shape: readonly number[]): string;
  integers(values: readonly number[], shape?: readonly number[]): string;
  input(name: string, shape: Shape): string;
  /** n, as an input of integers of shape [1] named `sampleCountName`. */
  sampleCount(): string;
  /** Was n asked for as an input? */
  readonly takesSampleCount: () => boolean;
  output(name: string, value: string, shape: Shape): void;
  finish(): Uint8Array;
}

/** The input that holds the number of samples, where no other input has it. */
export const sampleCountName = '#n';

const opset = 18;
/** Operations that ONNX Runtime has and ONNX has not, and where they are. */
const contributed: ReadonlySet<string> = new Set(['FusedMatMul']);
const contributedDomain = 'com.microsoft';
const irVersion = 8;

/** Nodes that are asked for twice are made once. */
export function onnxEmitter(precision: Precision): Emitter {
  const [nodes, initializers]: [NodeMessage[], InitializerMessage[]] = [[], []];
  const [inputs, outputs]: [ValueMessage[], ValueMessage[]] = [[], []];
  const made = new Map<string, string>();
  let count = 0;
  const once = (key: string, make: (name: string) => void): string => {
    let name = made.get(key);
    if (name === undefined) {
      name = `#${count++}`;
      made.set(key, name);
      make(name);
    }
    return name;
  };
  const initializer = (values: readonly number[], shape: readonly number[], type: keyof typeof dataType): string =>
    once(JSON.stringify([type, shape, values.map(String)]), (name) => {
      initializers.push({ name, dims: shape, dataType: dataType[type], rawData: bytesOf(values, type) });
    });
  const information = (name: string, shape: Shape, type: keyof typeof dataType = precision): ValueMessage => ({
    name,
    type: {
      tensorType: {
        elemType: dataType[type],
        shape: { dim: shape.map((dim) => (isCounted(dim) ? { dimParam: dim } : { dimValue: dim })) },
      },
    },
  });
  const takesSampleCount = (): boolean => inputs.some(({ name }) => name === sampleCountName);
  return {
    precision,
    node(type, from, attributes = {}, output = 0) {
      const key = JSON.stringify([type, from, attributes]);
      const name = once(key, (first) => {
        const output = [first, `${first}_1`].slice(0, type === 'MaxPool' ? 2 : 1);
        const domain = contributed.has(type) ? { domain: contributedDomain } : {};
        nodes.push({
          opType: type,
          input: from,
          output,
          attribute: Object.entries(attributes).map(attributeOf),
          ...domain,
        });
      });
      return output === 0 ? name : `${name}_${output}`;
    },
    reals: (values, shape) => initializer(values, shape, precision),
    integers: (values, shape = [values.length]) => initializer(values, shape, 'int64'),
    input(name, shape) {
      inputs.push(information(name, shape));
      return name;
    },
    sampleCount() {
      if (!takesSampleCount()) inputs.push(information(sampleCountName, [1], 'int64'));
      return sampleCountName;
    },
    takesSampleCount,
    output(name, value, shape) {
      nodes.push({ opType: 'Identity', input: [value], output: [name], attribute: [] });
      outputs.push(information(name, shape));
    },
    finish() {
      const names = outputs.map(({ name }) => name);
      const graph = {
        name: 'tiny-subspace',
        ...onlyNeeded(names, nodes, initializers),
        input: inputs,
        output: outputs,
      };
      const opsetImport = [{ domain: '', version: opset }];
      if (graph.node.some(({ domain }) => domain !== undefined))
        opsetImport.push({ domain: contributedDomain, version: 1 });
      const model = { irVersion, producerName: 'tiny-subspace', graph, opsetImport };
      return writeMessage(model, 'ModelProto');
    },
  };
}

interface ValueMessage {
  readonly name: string;
  readonly type: object;
}

interface NodeMessage {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly object[];
  readonly domain?: string;
}

interface InitializerMessage {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}

/** What the outputs depend on: a negation that became part of a subtraction, say, is left out. */
function onlyNeeded(
  outputs: readonly string[],
  nodes: readonly NodeMessage[],
  initializers: readonly InitializerMessage[],
): { readonly node: readonly NodeMessage[]; readonly initializer: readonly InitializerMessage[] } {
  const needed = new Set(outputs);
  const node = nodes.toReversed().filter(({ input, output }) => {
    const isNeeded = output.some((name) => needed.has(name));
    if (isNeeded) for (const name of input) needed.add(name);
    return isNeeded;
  });
  return { node: node.reverse(), initializer: initializers.filter(({ name }) => needed.has(name)) };
}

function attributeOf([name, value]: readonly [string, Attribute]): object {
  if (typeof value === 'number') return { name, i: value, type: attributeType.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeType.string };
  return { name, ints: value, type: attributeType.ints };
}

function bytesOf(values: readonly number[], type: keyof typeof dataType): Uint8Array {
  const array =
    type === 'int64'
      ? BigInt64Array.from(values, BigInt)
      : type === 'f32'
        ? Float32Array.from(values)
        : Float64Array.from(values);
  return new Uint8Array(array.buffer);
}
