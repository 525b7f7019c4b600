import { trailingPadding, windowReach } from '../autodiff/convolution.js';
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

/** Do windows share entries, or reach into padding? */
function overlaps(geometry: Geometry): boolean {
  const isPadded = [...geometry.padding, ...trailingPadding(geometry)].some((zeros) => zeros > 0);
  return isPadded || windowReach(geometry).some((length, i) => length > geometry.strides[i]!);
}

/** The largest entry of each window, and its index in the flattened x: the two outputs of one node. */
export function lowerPool(
  emitter: Emitter,
  x: string,
  geometry: Geometry,
): { readonly largest: string; readonly indices: string } {
  const { kernel, strides, dilations, padding } = geometry;
  const pads = [...padding, ...trailingPadding(geometry).map((zeros) => Math.max(0, zeros))];
  const attributes = {
    kernel_shape: kernel,
    strides,
    ...(pads.some((zeros) => zeros > 0) ? { pads } : {}),
    ...(dilations.some((dilation) => dilation > 1) ? { dilations } : {}),
  };
  const pool = (output: number): string => emitter.node('MaxPool', [x], attributes, output);
  return { largest: pool(0), indices: pool(1) };
}
