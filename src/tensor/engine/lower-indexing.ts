import { toReal } from './lower-masks.js';
import type { Emitter } from './onnx-emitter.js';
import { dataType } from './onnx-schema.js';

/** Rows of a table: Gather. */
export function lowerTake(emitter: Emitter, table: string, indices: string): string {
  return emitter.node('Gather', [table, toIntegers(emitter, indices)], { axis: 0 });
}

/** Up to this many rows a product with unit vectors adds them; more are added one after the other. */
const fewRows = 512;

/** Rows of y added to those of a table of zeros. */
export function lowerAddRows(emitter: Emitter, y: string, indices: string, shape: readonly number[]): string {
  const [rows, ...rest] = shape as readonly [number, ...number[]];
  const length = rest.reduce((product, dim) => product * dim, 1);
  const flat = emitter.node('Reshape', [y, emitter.integers([-1, length])]);
  const list = emitter.node('Reshape', [indices, emitter.integers([-1, 1])]);
  const added =
    rows <= fewRows
      ? emitter.node('Gemm', [unitVectors(emitter, list, rows), flat], { transA: 1 })
      : emitter.node(
          'ScatterND',
          [
            emitter.node('Expand', [emitter.reals([0], [1, 1]), emitter.integers([rows, length])]),
            toIntegers(emitter, list),
            flat,
          ],
          { reduction: 'add' },
        );
  return emitter.node('Reshape', [added, emitter.integers(shape)]);
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
