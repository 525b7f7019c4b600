import { size } from '../autodiff/value.js';
import { toReal } from './lower-masks.js';
import type { Emitter } from './onnx-emitter.js';
import { dataType } from './onnx-schema.js';

/** Rows of a table: Gather. */
export function lowerTake(emitter: Emitter, table: string, indices: string): string {
  return emitter.node('Gather', [table, toIntegers(emitter, indices)], { axis: 0 });
}

/** Up to this many rows a product with unit vectors is faster than adding entries one after the other. */
const fewRows = 256;

/**
 * Rows of y added to those of a table of zeros: a product with unit vectors, or ScatterElements. ONNX Runtime's ScatterND adds whole rows, but
 * from several threads at once, which lose each other's sums.
 */
export function lowerAddRows(emitter: Emitter, y: string, indices: string, shape: readonly number[]): string {
  const [rows, ...rest] = shape as readonly [number, ...number[]];
  const length = size(rest);
  const flat = emitter.node('Reshape', [y, emitter.integers([-1, length])]);
  const list = emitter.node('Reshape', [indices, emitter.integers([-1, 1])]);
  const added =
    rows <= fewRows
      ? emitter.node('Gemm', [unitVectors(emitter, list, rows), flat], { transA: 1 })
      : scattered(emitter, flat, list, [rows, length]);
  return emitter.node('Reshape', [added, emitter.integers(shape)]);
}

function scattered(emitter: Emitter, y: string, list: string, shape: readonly [number, number]): string {
  const zeros = emitter.node('Expand', [emitter.reals([0], [1, 1]), emitter.integers(shape)]);
  const places = emitter.node('Expand', [toIntegers(emitter, list), emitter.integers([1, shape[1]])]);
  return emitter.node('ScatterElements', [zeros, places, y], { axis: 0, reduction: 'add' });
}

/** 1 at the place that an index says, along a new last axis. */
export function lowerOneHot(emitter: Emitter, indices: string, count: number): string {
  return unitVectors(emitter, emitter.node('Unsqueeze', [indices, emitter.integers([-1])]), count);
}

/** Compares indices, whose last axis has length 1, with 0 … count − 1. */
function unitVectors(emitter: Emitter, indices: string, count: number): string {
  const places = emitter.reals(
    Array.from({ length: count }, (_, i) => i),
    [count],
  );
  return toReal(emitter, emitter.node('Equal', [indices, places]));
}

function toIntegers(emitter: Emitter, indices: string): string {
  return emitter.node('Cast', [indices], { to: dataType.int64 });
}
