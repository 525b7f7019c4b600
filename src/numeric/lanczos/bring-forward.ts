import { addCombinationsProgram } from '../kernels/add-combinations.js';
import type { Pausing } from '../kernels/pausing.js';
import type { KrylovSpace } from './krylov-space.js';
import { leadingRotation } from './leading-rotation.js';

/** Rotates R so that its first vectors span the directions with the coordinates M in R, open × count, column after column. */
export function* bringForward(space: KrylovSpace, directions: Float64Array, count: number): Pausing<void> {
  const { dimension: n, capacity, size, open, projected } = space;
  const { left, right } = leadingRotation(directions, open, count);
  const r = space.columns.subarray(size * n, (size + open) * n);
  const mixed = new Float64Array(n * count);
  yield* addCombinationsProgram(r, open, left, mixed, count, n);
  yield* addCombinationsProgram(mixed, count, right, r, open, n);
  for (let j = 0; j < size; j++) {
    const inner = new Float64Array(count);
    for (let a = 0; a < count; a++) {
      for (let i = 0; i < open; i++) inner[a]! += left[i * count + a]! * projected[(size + i) * capacity + j]!;
    }
    for (let i = 0; i < open; i++) {
      for (let a = 0; a < count; a++) projected[(size + i) * capacity + j]! += right[a * open + i]! * inner[a]!;
    }
  }
}
