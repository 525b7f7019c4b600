import { addCombinationsOf } from '../kernels/add-combinations.js';
import { rotateColumns } from '../kernels/rotate-columns.js';
import type { Pausing } from '../kernels/pausing.js';
import type { KrylovSpace } from './krylov-space.js';
import { symmetricEigenProgram, type SmallEigen } from '../kernels/small-symmetric-eigen.js';

/** Eigenpairs of T, descending. Cost: O(size³). */
export function* ritzPairs({ size, capacity, projected }: KrylovSpace): Pausing<SmallEigen> {
  const t = new Float64Array(size * size);
  for (let i = 0; i < size; i++) t.set(projected.subarray(i * capacity, i * capacity + size), i * size);
  return yield* symmetricEigenProgram(t, size);
}

/** C Y for the first `count` Ritz vectors, open × count, column after column: their residuals in the coordinates of R. */
export function ritzResiduals(space: KrylovSpace, ritz: SmallEigen, count: number): Float64Array {
  const { size, open, capacity, projected } = space;
  const result = new Float64Array(open * count);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < open; i++) {
      let sum = 0;
      for (let l = 0; l < size; l++) sum += projected[(size + i) * capacity + l]! * ritz.vectors[j * size + l]!;
      result[j * open + i] = sum;
    }
  }
  return result;
}

/** V Y for the first `count` Ritz vectors. Cost: 2n · size · count. */
export function* ritzVectors(space: KrylovSpace, ritz: SmallEigen, count: number): Pausing<Float64Array> {
  const { dimension: n, size, vectors } = space;
  const result = new Float64Array(n * count);
  yield* addCombinationsOf(vectors.part(0, size), coordinates(ritz, size, count), result, count);
  return result;
}

/** Y of the first `count` Ritz vectors, size × count. */
function coordinates(ritz: SmallEigen, size: number, count: number): Float64Array {
  return Float64Array.from({ length: size * count }, (_, at) => {
    return ritz.vectors[(at % count) * size + Math.floor(at / count)]!;
  });
}

/** Thick restart: V becomes the span of the first `keep` Ritz vectors, in its place, and R stays what it is. */
export function* restart(space: KrylovSpace, ritz: SmallEigen, keep: number): Pausing<void> {
  const { capacity, size, open, vectors, projected } = space;
  const coupling = ritzResiduals(space, ritz, keep);
  yield* rotateColumns(vectors.part(0, size), coordinates(ritz, size, keep), keep);
  for (let i = 0; i < open; i++) {
    yield;
    vectors.write(keep + i, vectors.read(size + i, 1));
  }
  projected.fill(0);
  for (let j = 0; j < keep; j++) {
    projected[j * capacity + j] = ritz.values[j]!;
    for (let i = 0; i < open; i++) projected[(keep + i) * capacity + j] = coupling[j * open + i]!;
  }
  space.size = keep;
}
