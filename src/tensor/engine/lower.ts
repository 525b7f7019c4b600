import { UsageError } from '../../errors.js';
import { inputShapes, type Shape, type Tensor } from '../autodiff/tensor.js';
import { canonicalGraph, type CanonicalNode } from './canonical.js';
import { gemm, isAddedTo, lowerBatchedProduct, lowerProduct, lowerSum } from './lower-arithmetic.js';
import { lowerConvolve, lowerConvolveInput, lowerConvolveKernel } from './lower-convolution.js';
import { lowerCos, lowerErf } from './lower-functions.js';
import { lowerAddRows, lowerOneHot, lowerTake } from './lower-indexing.js';
import { lowerMask, toReal } from './lower-masks.js';
import { dynamicShape, reshaped, type Lowering } from './lowering.js';
import { lowerGather, lowerPool, lowerScatter } from './lower-pooling.js';
import { lowerLog1p, lowerSechSquared, lowerSigmoid, lowerSoftplus } from './lower-saturating.js';
import { lowerSelection } from './lower-selection.js';
import { onnxEmitter } from './onnx-emitter.js';
import type { Precision } from '../../numeric/kernels/float-array.js';

/** A graph in the ONNX format: the bytes, and the inputs it takes; besides, where it says so, n under `sampleCountName`. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly takesSampleCount: boolean;
}

/**
 * Writes outputs, by name, as an ONNX graph with a symbolic number of samples n.
 *
 * Repetitions are merged; transpositions are flags of Gemm; a matrix product that is added to becomes Gemm's third operand;
 * subtraction, division and max pooling are recognised. Broadcasts are left to the operations that take them.
 */
export function lowerToOnnx(outputs: Readonly<Record<string, Tensor>>, precision: Precision): OnnxModel {
  const graph = canonicalGraph(Object.values(outputs));
  const inputs = inputShapes(graph.nodes);
  checkNames([...inputs.keys()], Object.keys(outputs));
  const emitter = onnxEmitter(precision);
  for (const [name, shape] of inputs) emitter.input(name, shape);
  const names: string[] = [];
  graph.nodes.forEach((node, i) => {
    names.push(lowerNode({ graph, names, emitter }, node, i));
  });
  Object.keys(outputs).forEach((name, i) => {
    const number = graph.outputs[i]!;
    emitter.output(name, names[number]!, graph.nodes[number]!.shape);
  });
  return { bytes: emitter.finish(), inputs, takesSampleCount: emitter.takesSampleCount() };
}

/** ONNX knows values by their names: those of inputs and outputs must differ. */
function checkNames(inputs: readonly string[], outputs: readonly string[]): void {
  if (outputs.length === 0) throw new UsageError('a program needs at least one output, received none');
  const reserved = [...inputs, ...outputs].find((name) => name === '' || name.startsWith('#'));
  if (reserved !== undefined) {
    throw new UsageError(`inputs and outputs need names that do not begin with '#', received '${reserved}'`);
  }
  const twice = outputs.find((name) => inputs.includes(name));
  if (twice !== undefined) throw new UsageError(`an input and an output are both named '${twice}'; rename one of them`);
}

const direct: Readonly<Record<string, string>> = {
  negate: 'Neg',
  exp: 'Exp',
  log: 'Log',
  tanh: 'Tanh',
  relu: 'Relu',
  reciprocal: 'Reciprocal',
  sqrt: 'Sqrt',
  sin: 'Sin',
  absolute: 'Abs',
  sign: 'Sign',
  floor: 'Floor',
  ceil: 'Ceil',
  round: 'Round',
};

function lowerNode(lowering: Lowering, node: CanonicalNode, number: number): string {
  const { graph, names, emitter } = lowering;
  const { operation, shape } = node;
  const [a, b] = node.inputs.map((input) => names[input]!) as [string, string];
  const source = (i: number): CanonicalNode => graph.nodes[node.inputs[i]!]!;
  switch (operation.kind) {
    case 'input':
      return operation.name;
    case 'constant':
      return emitter.reals([operation.value], []);
    case 'add':
      return lowerSum(lowering, node);
    case 'multiply':
      return lowerProduct(lowering, node);
    case 'matmul':
      if (shape.length > 2) return lowerBatchedProduct(lowering, node);
      return isAddedTo(graph, number) ? '' : gemm(emitter, [a, b], operation);
    case 'log1p':
      return lowerLog1p(emitter, a);
    case 'sechSquared':
      return lowerSechSquared(emitter, a);
    case 'sigmoid':
      return lowerSigmoid(emitter, a);
    case 'softplus':
      return lowerSoftplus(emitter, a);
    case 'cos':
      return lowerCos(emitter, a);
    case 'erf':
      return lowerErf(emitter, a);
    case 'power':
      return emitter.node('Pow', [a, emitter.reals([operation.exponent], [])]);
    case 'step':
    case 'greater':
    case 'equal':
      return toReal(emitter, lowerMask(lowering, node));
    case 'where': {
      const mask = lowerMask(lowering, source(0), a);
      return emitter.node('Where', [mask, b, names[node.inputs[2]!]!]);
    }
    case 'sum':
      return emitter.node('ReduceSum', [a, emitter.integers(operation.axes)], { keepdims: 1 });
    case 'max':
      return emitter.node('ReduceMax', [a, emitter.integers([operation.axis])], { keepdims: 1 });
    case 'softmax':
      return emitter.node('Softmax', [a], { axis: operation.axis });
    case 'concat':
      return emitter.node(
        'Concat',
        node.inputs.map((input) => names[input]!),
        { axis: operation.axis },
      );
    case 'take':
      return lowerTake(emitter, a, b);
    case 'addRows':
      return lowerAddRows(emitter, a, b, shape as readonly number[]);
    case 'oneHot':
      return lowerOneHot(emitter, a, operation.count);
    case 'firstMaximum': {
      const length = shape[operation.axis] as number;
      const first = emitter.node('ArgMax', [a], { axis: operation.axis, keepdims: 1 });
      const places = emitter.integers(
        Array.from({ length }, (_, i) => i),
        shape.map((_, axis) => (axis === operation.axis ? length : 1)),
      );
      return toReal(emitter, emitter.node('Equal', [first, places]));
    }
    case 'broadcast':
      return emitter.node('Expand', [a, dynamicShape(lowering, shape)]);
    case 'reshape':
      return reshaped(emitter, a, shape);
    case 'transpose':
      return emitter.node('Transpose', [a], { perm: operation.permutation });
    case 'select':
      return lowerSelection(emitter, a, operation, source(0).shape);
    case 'convolve':
      return lowerConvolve(emitter, a, b, operation.geometry, source(1).shape);
    case 'convolveInput':
      return lowerConvolveInput(emitter, a, b, operation.geometry, source(1).shape);
    case 'convolveKernel':
      return lowerConvolveKernel(emitter, a, b, operation.geometry, shape);
    case 'maxPoolIndices':
      return lowerPool(emitter, a, operation.geometry).indices;
    case 'gather':
      return lowerGather(lowering, node);
    case 'scatter':
      return lowerScatter(lowering, node);
    default:
      return emitter.node(direct[operation.kind]!, [a]);
  }
}
