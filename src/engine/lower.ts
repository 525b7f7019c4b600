import { UsageError } from '../errors.js';
import { inputShapes, type Shape, type Tensor } from '../autodiff/tensor.js';
import { canonicalGraph, type CanonicalGraph, type CanonicalNode } from './canonical.js';
import { lowerConvolve, lowerConvolveInput, lowerConvolveKernel } from './lower-convolution.js';
import { lowerSigmoid, lowerSoftplus } from './lower-saturating.js';
import { lowerSelection } from './lower-selection.js';
import { onnxEmitter, type Emitter, type Precision } from './onnx-emitter.js';

/** A graph in the ONNX format: the bytes, and the inputs it takes. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlyMap<string, Shape>;
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
  return { bytes: emitter.finish(), inputs };
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

interface Lowering {
  readonly graph: CanonicalGraph;
  /** The name of the value of each node before this one. */
  readonly names: readonly string[];
  readonly emitter: Emitter;
}

const direct: Readonly<Record<string, string>> = {
  negate: 'Neg',
  exp: 'Exp',
  log: 'Log',
  tanh: 'Tanh',
  relu: 'Relu',
  reciprocal: 'Reciprocal',
  sqrt: 'Sqrt',
};

function lowerNode(lowering: Lowering, node: CanonicalNode, number: number): string {
  const { graph, names, emitter } = lowering;
  const { operation, shape } = node;
  const [a, b] = node.inputs.map((input) => names[input]!) as [string, string];
  const source = (i: number): CanonicalNode => graph.nodes[node.inputs[i]!]!;
  const flat = (name: string): string => emitter.node('Reshape', [name, emitter.integers([-1])]);
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
      return isAddedTo(graph, number) ? '' : gemm(emitter, [a, b], operation);
    case 'sigmoid':
      return lowerSigmoid(emitter, a);
    case 'softplus':
      return lowerSoftplus(emitter, a);
    case 'step':
      return toReal(emitter, emitter.node('Greater', [a, emitter.reals([0], [])]));
    case 'sum':
      return emitter.node('ReduceSum', [a, emitter.integers(operation.axes)], { keepdims: 1 });
    case 'max':
      return emitter.node('ReduceMax', [a, emitter.integers([operation.axis])], { keepdims: 1 });
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
      return emitter.node('Reshape', [a, emitter.integers(shape.map((dim) => (dim === 'n' ? -1 : dim)))]);
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
      return pooled(emitter, a, operation.geometry, 1);
    case 'gather': {
      const { operation: by, inputs } = source(1);
      if (by.kind === 'maxPoolIndices' && inputs[0] === node.inputs[0]) return pooled(emitter, a, by.geometry, 0);
      const taken = emitter.node('GatherElements', [flat(a), flat(b)], { axis: 0 });
      return emitter.node('Reshape', [taken, emitter.integers(shape.map((dim) => (dim === 'n' ? -1 : dim)))]);
    }
    case 'scatter':
      return lowerScatter(lowering, node);
    default:
      return emitter.node(direct[operation.kind]!, [a]);
  }
}

/** The adjoint of pooling: MaxUnpool where windows do not overlap, else (and in f64, which has none) a sum by index. */
function lowerScatter(lowering: Lowering, { inputs, shape }: CanonicalNode): string {
  const { graph, names, emitter } = lowering;
  const [y, indices] = inputs.map((input) => names[input]!) as [string, string];
  const { operation: by } = graph.nodes[inputs[1]!]!;
  const whole = dynamicShape(lowering, shape);
  if (emitter.precision === 'f32' && by.kind === 'maxPoolIndices' && by.geometry.strides[0] >= by.geometry.kernel[0]) {
    const { kernel, strides } = by.geometry;
    return emitter.node('MaxUnpool', [y, indices, whole], { kernel_shape: kernel, strides });
  }
  const [flatY, flatIndices] = [y, indices].map((name) => emitter.node('Reshape', [name, emitter.integers([-1])]));
  const zeros = emitter.node('Expand', [emitter.reals([0], [1]), emitter.node('ReduceProd', [whole])]);
  const added = emitter.node('ScatterElements', [zeros, flatIndices!, flatY!], { axis: 0, reduction: 'add' });
  return emitter.node('Reshape', [added, emitter.integers(shape.map((dim) => (dim === 'n' ? -1 : dim)))]);
}

/** a + b: Gemm where one of them is a matrix product of no other use, Sub where one is negated. */
function lowerSum({ graph, names, emitter }: Lowering, node: CanonicalNode): string {
  const [first, second] = node.inputs as [number, number];
  for (const [product, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const { operation, inputs } = graph.nodes[product]!;
    if (operation.kind === 'matmul' && names[product] === '') {
      const otherName = names[other] === '' ? gemmOf({ graph, names, emitter }, other) : names[other]!;
      return gemm(emitter, [...inputs.map((input) => names[input]!), otherName], operation);
    }
  }
  for (const [negative, other] of [
    [second, first],
    [first, second],
  ] as const) {
    const { operation, inputs } = graph.nodes[negative]!;
    if (operation.kind === 'negate') return emitter.node('Sub', [names[other]!, names[inputs[0]!]!]);
  }
  return emitter.node('Add', [names[first]!, names[second]!]);
}

/** Is this product taken by one sum only, which can carry it out, and which the product's shape covers? */
function isAddedTo({ nodes, takers, outputs }: CanonicalGraph, number: number): boolean {
  if (takers[number]!.length !== 1 || outputs.includes(number)) return false;
  const taker = nodes[takers[number]![0]!]!;
  return (
    taker.operation.kind === 'add' &&
    taker.shape.length === 2 &&
    taker.shape.every((dim, i) => dim === nodes[number]!.shape[i])
  );
}

function gemmOf({ graph, names, emitter }: Lowering, number: number): string {
  const { operation, inputs } = graph.nodes[number]!;
  return gemm(
    emitter,
    inputs.map((input) => names[input]!),
    operation as Extract<CanonicalNode['operation'], { kind: 'matmul' }>,
  );
}

function gemm(
  emitter: Emitter,
  operands: readonly string[],
  { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
): string {
  return emitter.node('Gemm', operands, { transA: Number(transposeA), transB: Number(transposeB) });
}

/** a b: Div where one is a reciprocal. */
function lowerProduct({ graph, names, emitter }: Lowering, { inputs }: CanonicalNode): string {
  const [first, second] = inputs as [number, number];
  for (const [inverse, other] of [
    [second, first],
    [first, second],
  ] as const) {
    const { operation, inputs: below } = graph.nodes[inverse]!;
    if (operation.kind === 'reciprocal') return emitter.node('Div', [names[other]!, names[below[0]!]!]);
  }
  return emitter.node('Mul', [names[first]!, names[second]!]);
}

function pooled(
  emitter: Emitter,
  x: string,
  { kernel, strides }: { readonly kernel: readonly number[]; readonly strides: readonly number[] },
  output: number,
): string {
  return emitter.node('MaxPool', [x], { kernel_shape: kernel, strides }, output);
}

function toReal(emitter: Emitter, mask: string): string {
  return emitter.node('Cast', [mask], { to: emitter.precision === 'f32' ? 1 : 11 });
}

/** n, as a tensor of shape [1], read off an input that has it. */
function sampleCount({ graph, emitter }: Lowering): string {
  for (const [name, shape] of inputShapes(graph.nodes)) {
    const axis = shape.indexOf('n');
    if (axis >= 0) return emitter.node('Shape', [name], { start: axis, end: axis + 1 });
  }
  throw new UsageError("the number of samples n is not known: no input that the outputs depend on has an axis 'n'");
}

function dynamicShape(lowering: Lowering, shape: Shape): string {
  const { emitter } = lowering;
  if (!shape.includes('n')) return emitter.integers(shape as readonly number[]);
  const parts = shape.map((dim) => (dim === 'n' ? sampleCount(lowering) : emitter.integers([dim])));
  return emitter.node('Concat', parts, { axis: 0 });
}
