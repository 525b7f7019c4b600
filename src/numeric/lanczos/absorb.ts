import { NumericalError } from '../../errors.js';
import { addCombinationsOf } from '../kernels/add-combinations.js';
import { choleskyQr } from '../kernels/cholesky-qr.js';
import { innerProductsWith } from '../kernels/inner-products.js';
import type { Pausing } from '../kernels/pausing.js';
import { negated, projectOutOf } from '../kernels/project-out.js';
import { append, write } from './join-vectors.js';
import { enlarge, negligibleRest, type KrylovSpace } from './krylov-space.js';
import { columnNorm, columnNorms, scaleInPlace } from './unit-columns.js';

/**
 * Moves the first `count` vectors Q of R into V, given A Q, which is overwritten.
 *
 * What A Q has along V is known by symmetry, QᵀAV = C, and is taken out first; then all of W, once, and again only where that
 * cancelled more than half of a vector ("twice is enough": Parlett 1998, §6.9). What remains joins R, unless it is rounding.
 * Throws NumericalError if A Q is not finite. Cost: 4n · (size + open) per vector.
 */
export function* absorb(space: KrylovSpace, count: number, moved: Float64Array): Pausing<void> {
  // Without room what is left of A Q would be lost, and with it the residuals.
  if (space.size + space.open + count > space.capacity) {
    enlarge(space, Math.min(space.dimension, Math.ceil(1.25 * (space.size + space.open)) + count));
  }
  const { dimension: n, capacity, size, open, vectors, projected } = space;
  const total = size + open;
  space.norm = Math.max(space.norm, ...columnNorms(moved, count, n));
  if (!Number.isFinite(space.norm)) throw new NumericalError('the operator returned values that are not finite');

  const known = new Float64Array(total * count);
  let first = size;
  for (let i = size - 1; i >= 0; i--) {
    for (let j = 0; j < count; j++) {
      known[i * count + j] = projected[(size + j) * capacity + i]!;
      if (known[i * count + j] !== 0) first = i;
    }
  }
  known.set(yield* innerProductsWith(vectors.part(size, open), moved, count), size * count);
  const negative = negated(known.subarray(first * count));
  yield* addCombinationsOf(vectors.part(first, total - first), negative, moved, count);
  let norms = columnNorms(moved, count, n);
  for (let pass = 0; pass < 3; pass++) {
    const before = norms;
    const rest = yield* projectOutOf(vectors.part(0, total), moved, count);
    for (let i = 0; i < rest.length; i++) known[i]! += rest[i]!;
    norms = columnNorms(moved, count, n);
    if (norms.every((after, j) => after >= 0.5 * before[j]!)) break;
  }
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < count; j++) projected[i * capacity + size + j] = known[i * count + j]!;
  }
  const isBlock = count > 1 && norms.every((norm) => norm > negligibleRest(space) * space.norm);
  if (!isBlock || !(yield* addRemainders(space, total, moved, count))) {
    for (let j = 0; j < count; j++) yield* addRemainder(space, total, moved.subarray(j * n, (j + 1) * n), size + j);
  }
  space.size += count;
  space.open -= count;
}

/** What is left of A Q, orthogonal to the first `total` vectors of W, as one block, if it is well conditioned. */
function* addRemainders(space: KrylovSpace, total: number, moved: Float64Array, count: number): Pausing<boolean> {
  const { dimension: n, capacity, vectors, projected, size } = space;
  if (total + count > Math.min(n, capacity)) return false;
  const factors = yield* choleskyQr(moved, count, n);
  if (factors === undefined) return false;
  let { q, r } = factors;
  if (factors.pivot < 0.1) {
    yield* projectOutOf(vectors.part(0, total), q, count);
    const again = yield* choleskyQr(q, count, n);
    if (again === undefined) return false;
    q = again.q;
    r = triangularProduct(again.r, r, count);
  }
  for (let i = 0; i < count; i++) {
    if (r[i * count + i]! <= negligibleRest(space) * space.norm) return false;
  }
  for (let i = 0; i < count; i++) {
    write(space, q.subarray(i * n, (i + 1) * n));
    for (let j = i; j < count; j++) projected[(total + i) * capacity + size + j] = r[i * count + j]!;
  }
  return true;
}

function triangularProduct(a: Float64Array, b: Float64Array, count: number): Float64Array {
  const product = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let l = i; l < count; l++) {
      for (let j = l; j < count; j++) product[i * count + j]! += a[i * count + l]! * b[l * count + j]!;
    }
  }
  return product;
}

/** What is left of A q, orthogonal to the first `total` vectors of W, as new vectors of R and entries of column `at` of H. */
function* addRemainder(space: KrylovSpace, total: number, column: Float64Array, at: number): Pausing<void> {
  const { dimension: n, capacity, vectors, projected } = space;
  const before = columnNorm(column, 0, n);
  const added = space.size + space.open - total;
  for (let pass = 0; pass < 2; pass++) {
    const inner = yield* projectOutOf(vectors.part(total, added), column, 1);
    for (let i = 0; i < added; i++) projected[(total + i) * capacity + at]! += inner[i]!;
  }
  const norm = columnNorm(column, 0, n);
  if (!(norm > negligibleRest(space) * space.norm)) return;
  scaleInPlace(column, 1 / norm);
  const row = space.size + space.open;
  const isKept = norm >= 0.5 * before ? write(space, column) : yield* append(space, column, 0.5);
  if (isKept) projected[row * capacity + at] = norm;
}
