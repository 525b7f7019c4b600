import { rotateColumns } from '../kernels/rotate-columns.js';
import type { Pausing } from '../kernels/pausing.js';
import type { KrylovSpace } from './krylov-space.js';
import { leadingRotation } from './leading-rotation.js';

/** Rotates R so that its first vectors span the directions with the coordinates M in R, open × count, column after column. */
export function* bringForward(space: KrylovSpace, directions: Float64Array, count: number): Pausing<void> {
  const { capacity, size, open, vectors, projected } = space;
  const { left, right } = leadingRotation(directions, open, count);
  const turn = new Float64Array(open * open);
  for (let i = 0; i < open; i++) {
    turn[i * (open + 1)] = 1;
    for (let j = 0; j < open; j++) {
      for (let a = 0; a < count; a++) turn[i * open + j]! += left[i * count + a]! * right[a * open + j]!;
    }
  }
  yield* rotateColumns(vectors.part(size, open), turn, open);
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
