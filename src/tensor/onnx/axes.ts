import {
  constant,
  counted,
  isCounted,
  lengthOf,
  multiply,
  reciprocal,
  reshape,
  scale,
  select,
  take,
  transpose,
  type Dim,
  type Shape,
  type Tensor,
} from '../autodiff/index.js';
import { entries } from '../autodiff/tensor.js';
import type { Call } from './call.js';

/** The axes that an input, or in earlier versions an attribute, names; undefined where neither is there. */
export function axesOf(call: Call, i: number, rank: number): readonly number[] | undefined {
  const given = call.has(i) ? call.numbers(i) : call.ints('axes');
  return given?.map((axis) => call.axis(axis, rank));
}

/** Axes of length 1 taken out. */
export function without(x: Tensor, axes: readonly number[]): Tensor {
  return reshape(
    x,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

/** The entries of several axes as the length of one. */
export function merged(shape: Shape): Dim {
  const { factor, perSample } = entries(shape);
  return perSample ? counted(factor) : factor;
}

/** x with its axes in another order; those not named follow in theirs. */
export function axesFirst(x: Tensor, axes: readonly number[]): Tensor {
  return transpose(x, [...axes, ...x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))]);
}

/** x with one axis moved to another place. */
export function moved(x: Tensor, from: number, to: number): Tensor {
  const others = x.shape.flatMap((_, axis) => (axis === from ? [] : [axis]));
  return transpose(x, [...others.slice(0, to), from, ...others.slice(to)]);
}

/** Entry j of the axis becomes x at indices[j], or 0 where that is −1; an index may occur often. */
export function picked(call: Call, x: Tensor, axis: number, indices: readonly number[]): Tensor {
  const length = x.shape[axis]!;
  if (isCounted(length)) return call.fail('it picks from the axis of samples; samples must not depend on one another');
  const outside = indices.find((index) => index < -1 || index >= length);
  if (outside !== undefined) return call.fail(`index ${outside} is outside an axis of length ${length}`);
  const used = indices.filter((index) => index >= 0);
  if (new Set(used).size === used.length) return select(x, axis, indices);
  if (used.length < indices.length) return call.fail('it repeats entries of an axis and puts zeros beside them');
  const rows = take(moved(x, axis, 0), call.constant([indices.length], Float64Array.from(indices)));
  return moved(rows, 0, axis);
}

/** Σ over the number of entries of these axes; n comes in where one of them is that of samples. */
export function overCount(call: Call, sum: Tensor, lengths: Shape): Tensor {
  const factor = lengths.reduce<number>((product, dim) => product * lengthOf(dim, 1), 1);
  const mean = scale(sum, 1 / factor);
  return lengths.some(isCounted) ? multiply(mean, call.share()) : mean;
}

/** A number of entries as a tensor of shape []. */
export function countOf(call: Call, shape: Shape): Tensor {
  const { factor, perSample } = entries(shape);
  return perSample ? scale(reciprocal(call.share()), factor) : constant(factor);
}

/** Entries that one sample may have in an array, and lengths of one axis: more is no network. */
const [mostEntries, longest] = [2 ** 28, 2 ** 20];

/** Throws DataError for an array of a size that no network has: it would be made on the word of the file alone. */
export function checkSize(call: Pick<Call, 'fail'>, shape: Shape): void {
  const lengths = shape.map((dim) => lengthOf(dim, 1));
  const size = lengths.reduce((product, length) => product * length, 1);
  if (lengths.every((length) => Number.isInteger(length) && length >= 0 && length <= longest) && size <= mostEntries)
    return;
  call.fail(
    `it makes an array of shape [${shape.join(', ')}]; lengths are integers from 0 to 2²⁰, and an array has at most 2²⁸ entries a sample`,
  );
}
