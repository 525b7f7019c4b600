import { size } from '../autodiff/value.js';
import { UsageError } from '../../errors.js';
import type { FloatArray, Precision } from '../../numeric/kernels/float-array.js';
import { tensor, topologicalOrder, type Tensor } from '../autodiff/tensor.js';
import { lowerToOnnx } from '../engine/lower.js';
import { attributeType, dataType } from '../engine/onnx-schema.js';
import { writeMessage } from '../engine/write-message.js';
import { readMessage } from './wire.js';

/** The arrays that a written file holds, by the names of the graph's inputs. */
export interface WrittenArrays {
  /** Initialisers: what whoever reads the file may train. */
  readonly parameters: ReadonlyMap<string, FloatArray>;
  /** Constants. */
  readonly constants: ReadonlyMap<string, FloatArray>;
}

interface Model {
  readonly graph: { input: { name: string }[]; node: object[]; initializer?: object[] };
}

/**
 * Outputs, by name, as an ONNX file of ONNX's own operators, version 18, with the arrays of its inputs; the other inputs stay inputs, with n
 * samples. Throws UsageError where an array has not the size of its input. Memory: that of the file, some times over.
 */
export function writeGraph(
  outputs: Readonly<Record<string, Tensor>>,
  { parameters, constants }: WrittenArrays,
  precision: Precision,
): Uint8Array {
  const { bytes, inputs } = lowerToOnnx(withoutFlags(outputs), precision);
  const model = readMessage(bytes, 'ModelProto') as unknown as Model;
  const arrayOf = (name: string, values: FloatArray): object => {
    const shape = inputs.get(name) as readonly number[];
    if (values.length !== size(shape)) {
      throw new UsageError(
        `'${name}' of shape [${shape.join(', ')}] needs ${size(shape)} numbers, received ${values.length}`,
      );
    }
    const entries = precision === 'f32' ? Float32Array.from(values) : Float64Array.from(values);
    return { name, dims: shape, dataType: dataType[precision], rawData: new Uint8Array(entries.buffer) };
  };
  const used = (arrays: ReadonlyMap<string, FloatArray>): (readonly [string, object])[] =>
    [...arrays].filter(([name]) => inputs.has(name)).map(([name, values]) => [name, arrayOf(name, values)]);
  const { graph } = model;
  graph.input = graph.input.filter(({ name }) => !parameters.has(name) && !constants.has(name));
  graph.initializer = [...(graph.initializer ?? []), ...used(parameters).map(([, array]) => array)];
  graph.node.unshift(
    ...used(constants).map(([name, array]) => ({
      opType: 'Constant',
      output: [name],
      attribute: [{ name: 'value', t: array, type: attributeType.tensor }],
    })),
  );
  return writeMessage(model, 'ModelProto');
}

/** The same graph with transpositions in place of flags on products of many matrices, which only ONNX Runtime's own operator has. */
function withoutFlags(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const rebuilt = new Map<Tensor, Tensor>();
  for (const node of topologicalOrder(Object.values(outputs))) {
    const inputs = node.inputs.map((from) => rebuilt.get(from)!);
    const { operation, shape } = node;
    if (operation.kind === 'matmul' && shape.length > 2) {
      const [a, b] = inputs as [Tensor, Tensor];
      const operands = [operation.transposeA ? exchanged(a) : a, operation.transposeB ? exchanged(b) : b];
      rebuilt.set(node, tensor({ kind: 'matmul', transposeA: false, transposeB: false }, operands, shape));
    } else {
      rebuilt.set(node, tensor(operation, inputs, shape));
    }
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, rebuilt.get(output)!]));
}

/** The last two axes exchanged, as a node of its own: not taken into the product again. */
function exchanged(x: Tensor): Tensor {
  const rank = x.shape.length;
  const permutation = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return tensor(
    { kind: 'transpose', permutation },
    [x],
    permutation.map((axis) => x.shape[axis]!),
  );
}
