import { DataError } from '../../errors.js';
import type { Shape, Tensor } from '../autodiff/tensor.js';
import type { OnnxType } from './element-type.js';
import type { OnnxArray, OnnxAttribute, OnnxNode, OnnxSubgraph } from './graph.js';
import { unrounded } from './unrounded.js';
import { known as knownValue, type Known, type Operand } from './operand.js';

/** One use of an operator: its inputs and attributes, and how it is refused. */
export interface Call {
  readonly node: OnnxNode;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** The number that stands for n in the shapes of a file with a fixed batch. */
  readonly batch: number | undefined;
  /** 1/n. Throws DataError where it is not given. */
  readonly share: () => Tensor;
  /** How many inputs are written, those left out at the end not counted. */
  readonly count: number;
  readonly has: (i: number) => boolean;
  readonly value: (i: number) => Operand;
  readonly type: (i?: number) => OnnxType;
  readonly shape: (i: number) => Shape;
  readonly tensor: (i: number) => Tensor;
  /** The input's value. Throws DataError where it depends on the inputs of the network. */
  readonly known: (i: number) => Known;
  /** The entries of a known input that do not depend on n. Throws DataError. */
  readonly numbers: (i: number) => readonly number[];
  /** The one entry of such an input. */
  readonly number: (i: number) => number;
  /** An array that is calculated here, as a tensor. */
  readonly constant: (shape: readonly number[], data: Float64Array) => Tensor;
  /** The input as a tensor that is not trained, where it is known; else as it is. */
  readonly fixed: (i: number) => Tensor;
  readonly int: (name: string, otherwise?: number) => number;
  readonly float: (name: string, otherwise?: number) => number;
  readonly text: (name: string, otherwise?: string) => string;
  readonly ints: (name: string) => readonly number[] | undefined;
  readonly floats: (name: string) => readonly number[] | undefined;
  readonly array: (name: string) => OnnxArray | undefined;
  readonly subgraph: (name: string) => OnnxSubgraph;
  /** An axis counted from 0; from the end where it is negative. Throws DataError. */
  readonly axis: (axis: number, rank: number) => number;
  /** Runs the nodes of an attribute in the scope of this node, and gives their outputs. */
  readonly branch: (graph: OnnxSubgraph) => readonly Operand[];
  /** Records a policy that was applied. */
  readonly note: (text: string) => void;
  /** Throws DataError: 'node 'x' (Type): reason'. */
  readonly fail: (reason: string) => never;
}

/** What a call is made of. */
export interface CallParts {
  readonly node: OnnxNode;
  readonly opset: number;
  readonly batch: number | undefined;
  readonly share: () => Tensor;
  readonly inputs: readonly (Operand | undefined)[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  readonly lift: (value: Operand, name: string) => Tensor;
  readonly read: (value: Operand) => Known | undefined;
  readonly branch: (graph: OnnxSubgraph) => readonly Operand[];
  readonly note: (text: string) => void;
}

/** 'node 'x' (Type)', or by its output where it has no name. */
export const nodeName = ({ name, type, outputs }: OnnxNode): string =>
  name === '' ? `the node of '${outputs[0] ?? ''}' (${type})` : `node '${name}' (${type})`;

export const shapeOf = (value: Operand): Shape =>
  value.kind === 'computed' ? value.tensor.shape : value.kind === 'stored' ? value.array.shape : value.shape;

export function callOf({ node, inputs, attributes, lift, read, ...rest }: CallParts): Call {
  const fail = (reason: string): never => {
    throw new DataError(`${nodeName(node)}: ${reason}`);
  };
  const value = (i: number): Operand => inputs[i] ?? fail(`its input ${i + 1} is missing`);
  const known = (i: number): Known =>
    read(value(i)) ??
    fail(
      `its input ${i + 1}, '${node.inputs[i]!}', must be known when the file is read, and depends on what the network is given; ` +
        'export it with fixed lengths of all axes but the batch',
    );
  const numbers = (i: number): readonly number[] => {
    const { data, samples } = known(i);
    if (samples !== undefined)
      fail(`its input ${i + 1}, '${node.inputs[i]!}', may not depend on the number of samples`);
    return [...data];
  };
  const given = <T>(name: string, kind: OnnxAttribute['kind'], otherwise?: T): T => {
    const attribute = attributes.get(name);
    if (attribute === undefined) return otherwise ?? fail(`its attribute '${name}' is missing`);
    if (attribute.kind === kind) return attribute.value as T;
    return fail(`its attribute '${name}' is of kind '${attribute.kind}' in place of '${kind}'`);
  };
  const optional = (name: string, kind: OnnxAttribute['kind']): unknown =>
    attributes.has(name) ? given<unknown>(name, kind) : undefined;
  const axis = (at: number, rank: number): number => {
    const from0 = at < 0 ? at + rank : at;
    if (Number.isInteger(from0) && from0 >= 0 && from0 < rank) return from0;
    return fail(`axis ${at} is not one of the ${rank} axes of its input`);
  };
  return {
    ...rest,
    node,
    count: inputs.length,
    has: (i) => inputs[i] !== undefined,
    value,
    type: (i = 0) => value(i).type,
    shape: (i) => shapeOf(value(i)),
    tensor: (i) => lift(value(i), node.inputs[i]!),
    known,
    numbers,
    number(i) {
      const all = numbers(i);
      return all.length === 1 ? all[0]! : fail(`its input ${i + 1} must be one number, received ${all.length}`);
    },
    constant: (shape, data) => lift(knownValue('float32', shape, data), `${node.outputs[0] ?? ''} constant`),
    fixed(i) {
      const constant = read(value(i));
      return lift(constant ?? value(i), node.inputs[i]!);
    },
    int: (name, otherwise) => given(name, 'int', otherwise),
    float: (name, otherwise) => unrounded(given(name, 'float', otherwise)),
    text: (name, otherwise) => given(name, 'string', otherwise),
    ints: (name) => optional(name, 'ints') as readonly number[] | undefined,
    floats: (name) => optional(name, 'floats') as readonly number[] | undefined,
    array: (name) => optional(name, 'tensor') as OnnxArray | undefined,
    subgraph: (name) => given(name, 'graph'),
    axis,
    fail,
  };
}
