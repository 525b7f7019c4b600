import { UsageError } from '../../errors.js';
import { broadcast, unstretched } from './broadcast.js';
import { negate, scale } from './elementwise.js';
import { constantValue, entries, isCounted, sameShape, showShape, tensor, type Shape, type Tensor } from './tensor.js';

/** Σ over the given axes, which stay as axes of length 1. Empty: x. Negations and numbers are taken out of the sum. */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor {
  checkAxes(x, axes);
  const open = axes.filter((axis) => x.shape[axis] !== 1);
  if (open.length === 0) return x;
  if (x.operation.kind === 'broadcast') return sumOfStretched(x, open);
  if (x.operation.kind === 'negate') return negate(sum(x.inputs[0]!, axes));
  const factor = x.operation.kind === 'multiply' ? constantValue(x.inputs[0]!) : undefined;
  if (factor !== undefined) return scale(sum(x.inputs[1]!, axes), factor);
  return reduced(x, open);
}

function reduced(x: Tensor, axes: readonly number[]): Tensor {
  const shape = x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return tensor({ kind: 'sum', axes: [...axes].sort((a, b) => a - b) }, [x], shape);
}

/** Σ over a stretched axis is a product with its length; only n, which no graph knows, has to be counted by a sum. */
function sumOfStretched(x: Tensor, axes: readonly number[]): Tensor {
  const bare = unstretched(x);
  const aligned = reshape(bare, [...x.shape.slice(bare.shape.length).map(() => 1), ...bare.shape]);
  const stretched = axes.filter((axis) => aligned.shape[axis] === 1);
  const perSample = stretched.filter((axis) => isCounted(x.shape[axis]!));
  const times = stretched.reduce(
    (product, axis) => (perSample.includes(axis) ? product : product * (x.shape[axis] as number)),
    1,
  );
  const shape = x.shape.map((dim, i) => (axes.includes(i) && !perSample.includes(i) ? 1 : dim));
  const known = broadcast(scale(sum(aligned, axes), times), shape);
  return perSample.length === 0 ? known : reduced(known, perSample);
}

/** Σ of all entries, of shape []. */
export function total(x: Tensor): Tensor {
  return reshape(sum(x), []);
}

/** The adjoint of broadcasting: sums until the shape is left. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((dim, i) => (dim !== (shape[i - missing] ?? 1) ? [i] : []));
  return reshape(sum(x, axes), shape);
}

/** The same entries in row-major order under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const [from, to] = [entries(x.shape), entries(shape)];
  if (from.factor !== to.factor || from.perSample !== to.perSample) {
    throw new UsageError(
      `shape ${showShape(x.shape)} cannot become ${showShape(shape)}: the number of entries differs`,
    );
  }
  if (sameShape(x.shape, shape)) return x;
  if (constantValue(unstretched(x)) !== undefined) return broadcast(unstretched(x), shape);
  return x.operation.kind === 'reshape' ? reshape(x.inputs[0]!, shape) : tensor({ kind: 'reshape' }, [x], shape);
}

/** Axis i of the result is axis permutation[i] of x; without one the axes are reversed. */
export function transpose(x: Tensor, permutation: readonly number[] = x.shape.map((_, i) => i).reverse()): Tensor {
  if ([...permutation].sort((a, b) => a - b).some((axis, i) => axis !== i) || permutation.length !== x.shape.length) {
    throw new UsageError(`a permutation of ${x.shape.length} axes is needed, received [${permutation.join(', ')}]`);
  }
  if (permutation.every((axis, i) => axis === i)) return x;
  if (x.operation.kind === 'transpose') {
    const { permutation: before } = x.operation;
    return transpose(
      x.inputs[0]!,
      permutation.map((axis) => before[axis]!),
    );
  }
  const shape = permutation.map((axis) => x.shape[axis]!);
  return tensor({ kind: 'transpose', permutation }, [x], shape);
}

/**
 * Entry j of the axis becomes x at indices[j], or 0 where that is −1. No index occurs twice, so that the adjoint is a selection too.
 * Slices, strides, flips and zero padding are selections.
 */
export function select(x: Tensor, axis: number, indices: readonly number[]): Tensor {
  checkAxes(x, [axis]);
  const length = x.shape[axis]!;
  const used = indices.filter((index) => index !== -1);
  if (isCounted(length)) throw new UsageError('the axis of samples cannot be selected from');
  if (used.some((i) => !Number.isInteger(i) || i < 0 || i >= length) || new Set(used).size < used.length) {
    throw new UsageError(`indices into an axis of length ${length} must be different and from 0, or −1 for a zero`);
  }
  if (indices.length === length && indices.every((index, i) => index === i)) return x;
  const shape = x.shape.map((dim, i) => (i === axis ? indices.length : dim));
  return tensor({ kind: 'select', axis, indices }, [x], shape);
}

/** `from`, `from + step`, … up to but not including `to`. */
export function slice(x: Tensor, axis: number, from: number, to: number, step = 1): Tensor {
  return select(
    x,
    axis,
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step),
  );
}

/** Zeros before and after the entries of an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const length = x.shape[axis]! as number;
  return select(
    x,
    axis,
    Array.from({ length: before + length + after }, (_, i) => (i < before || i >= before + length ? -1 : i - before)),
  );
}

/** The largest entry along an axis, which stays with length 1; its derivative goes to the first that is largest. */
export function max(x: Tensor, axis: number): Tensor {
  return alongAxis('max', x, axis, 1);
}

/** 1 at the first of the largest entries along an axis, else 0; its derivative is 0. */
export function firstMaximum(x: Tensor, axis: number): Tensor {
  return alongAxis('firstMaximum', x, axis, x.shape[axis]!);
}

/** e^x/Σ e^x along an axis, the last unless given. An entry of −∞ has 0, if not all are. */
export function softmax(x: Tensor, axis = x.shape.length - 1): Tensor {
  return alongAxis('softmax', x, axis, x.shape[axis]!);
}

function alongAxis(kind: 'max' | 'firstMaximum' | 'softmax', x: Tensor, axis: number, length: Shape[number]): Tensor {
  checkAxes(x, [axis]);
  return tensor(
    { kind, axis },
    [x],
    x.shape.map((dim, i) => (i === axis ? length : dim)),
  );
}

/** Throws UsageError for what is no axis of x. */
export function checkAxes(x: Tensor, axes: readonly number[]): void {
  for (const axis of axes) {
    if (!Number.isInteger(axis) || axis < 0 || axis >= x.shape.length) {
      throw new UsageError(`axis ${axis} is not one of the ${x.shape.length} axes of ${showShape(x.shape)}`);
    }
  }
}
