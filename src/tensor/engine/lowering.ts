import { inputShapes, isCounted, lengthOf, type Shape } from '../autodiff/tensor.js';
import type { CanonicalGraph } from './canonical.js';
import type { Emitter } from './onnx-emitter.js';

/** A graph on its way into ONNX. */
export interface Lowering {
  readonly graph: CanonicalGraph;
  /** The name of the value of each node before this one. */
  readonly names: readonly string[];
  readonly emitter: Emitter;
}

/** n, as a tensor of shape [1], read off an input that has it; where none has, it is an input of its own. */
function sampleCount({ graph, emitter }: Lowering): string {
  for (const [name, shape] of inputShapes(graph.nodes)) {
    const axis = shape.indexOf('n');
    if (axis >= 0) return emitter.node('Shape', [name], { start: axis, end: axis + 1 });
  }
  return emitter.sampleCount();
}

/** A shape as a tensor of integers, for a graph that learns n when it runs. */
export function dynamicShape(lowering: Lowering, shape: Shape): string {
  const { emitter } = lowering;
  if (!shape.some(isCounted)) return emitter.integers(shape as readonly number[]);
  const parts = shape.map((dim) => {
    if (!isCounted(dim)) return emitter.integers([dim]);
    const n = sampleCount(lowering);
    return dim === 'n' ? n : emitter.node('Mul', [n, emitter.integers([lengthOf(dim, 1)])]);
  });
  return emitter.node('Concat', parts, { axis: 0 });
}

/** The same entries under another shape, whose counted axis follows from the number of entries. */
export function reshaped(emitter: Emitter, x: string, shape: Shape): string {
  return emitter.node('Reshape', [x, emitter.integers(shape.map((dim) => (isCounted(dim) ? -1 : dim)))]);
}
