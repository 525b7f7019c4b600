import { gramProgram, innerProducts } from '../kernels/inner-products.js';
import type { Pausing } from '../kernels/pausing.js';
import { projectOutOf } from '../kernels/project-out.js';
import { unitScaled } from '../kernels/unit-scale.js';
import { roundingOf, type KrylovSpace } from './krylov-space.js';
import { columnNorm, scaleInPlace } from './unit-columns.js';

/** Adds vectors to R, of which nothing is known yet. Returns how many were independent of W. Cost: 8n · (size + open) a vector. */
export function* addOpen(space: KrylovSpace, block: Float64Array): Pausing<number> {
  const { dimension: n } = space;
  const before = space.open;
  if (space.size + before === 0 && (yield* isOrthonormal(block, space))) {
    for (let start = 0; start < block.length; start += n) {
      yield;
      write(space, block.subarray(start, start + n));
    }
    return space.open;
  }
  for (let start = 0; start < block.length; start += n) {
    const column = unitScaled(block.subarray(start, start + n));
    const norm = Math.sqrt(innerProducts(column, 1, column, 1, n)[0]!);
    scaleInPlace(column, 1 / norm);
    if (norm > 0) yield* append(space, column, Math.max(1e-8, roundingOf(n, space.vectors.precision)));
  }
  return space.open - before;
}

/** Adds a unit vector to R after orthogonalisation, twice, unless it shrinks below `negligible` first or is rounding. */
export function* append(space: KrylovSpace, column: Float64Array, negligible: number): Pausing<boolean> {
  const { dimension: n, vectors } = space;
  const total = space.size + space.open;
  for (let pass = 0; pass < 2; pass++) {
    yield* projectOutOf(vectors.part(0, total), column, 1);
    const norm = columnNorm(column, 0, n);
    if (!(norm > (pass === 0 ? negligible : 0.5))) return false;
    scaleInPlace(column, 1 / norm);
  }
  return write(space, column);
}

/** Adds a unit vector that is orthogonal to W to R, unless there is no room for it. */
export function write(space: KrylovSpace, column: Float64Array): boolean {
  const { dimension: n, capacity, vectors, projected } = space;
  const row = space.size + space.open;
  if (row >= Math.min(capacity, n)) return false;
  vectors.write(row, column);
  projected.fill(0, row * capacity, (row + 1) * capacity);
  space.open++;
  return true;
}

/** Is XᵀX = 1 to the rounding of an inner product, or of what is stored? */
function* isOrthonormal(block: Float64Array, { dimension: n, vectors }: KrylovSpace): Pausing<boolean> {
  const count = block.length / n;
  const limit = Math.max(Math.sqrt(n) * Number.EPSILON, vectors.precision === 'f32' ? 2 ** -24 : 0);
  const gram = yield* gramProgram(block, count, n);
  return gram.every((x, at) => Math.abs(x - (at % (count + 1) === 0 ? 1 : 0)) <= limit);
}
