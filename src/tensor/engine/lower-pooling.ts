import type { Geometry } from '../autodiff/tensor.js';
import type { CanonicalNode } from './canonical.js';
import { dynamicShape, reshaped, type Lowering } from './lowering.js';
import type { Emitter } from './onnx-emitter.js';

/** Entries by their index: MaxPool itself where they are the largest ones of the tensor they are taken from. */
export function lowerGather(lowering: Lowering, { inputs, shape }: CanonicalNode): string {
  const { graph, names, emitter } = lowering;
  const [x, indices] = inputs.map((input) => names[input]!) as [string, string];
  const by = graph.nodes[inputs[1]!]!;
  if (by.operation.kind === 'maxPoolIndices' && by.inputs[0] === inputs[0]) {
    return lowerPool(emitter, x, by.operation.geometry).largest;
  }
  const [flatX, flatIndices] = [x, indices].map((name) => emitter.node('Reshape', [name, emitter.integers([-1])]));
  const taken = emitter.node('GatherElements', [flatX!, flatIndices!], { axis: 0 });
  return reshaped(emitter, taken, shape);
}

/** The adjoint of pooling: MaxUnpool where windows do not overlap, else (and in f64, which has none) a sum by index. */
export function lowerScatter(lowering: Lowering, { inputs, shape }: CanonicalNode): string {
  const { graph, names, emitter } = lowering;
  const [y, indices] = inputs.map((input) => names[input]!) as [string, string];
  const { operation: by } = graph.nodes[inputs[1]!]!;
  const whole = dynamicShape(lowering, shape);
  if (emitter.precision === 'f32' && by.kind === 'maxPoolIndices' && !overlaps(by.geometry)) {
    const { kernel, strides } = by.geometry;
    return emitter.node('MaxUnpool', [y, indices, whole], { kernel_shape: kernel, strides });
  }
  const [flatY, flatIndices] = [y, indices].map((name) => emitter.node('Reshape', [name, emitter.integers([-1])]));
  const zeros = emitter.node('Expand', [emitter.reals([0], [1]), emitter.node('ReduceProd', [whole])]);
  const added = emitter.node('ScatterElements', [zeros, flatIndices!, flatY!], { axis: 0, reduction: 'add' });
  return reshaped(emitter, added, shape);
}

function overlaps({ kernel, strides }: Geometry): boolean {
  return kernel.some((length, i) => length > strides[i]!);
}

/** The largest entry of each window, and its index in the flattened x: the two outputs of one node. */
export function lowerPool(
  emitter: Emitter,
  x: string,
  { kernel, strides }: Pick<Geometry, 'kernel' | 'strides'>,
): { readonly largest: string; readonly indices: string } {
  const pool = (output: number): string => emitter.node('MaxPool', [x], { kernel_shape: kernel, strides }, output);
  return { largest: pool(0), indices: pool(1) };
}
