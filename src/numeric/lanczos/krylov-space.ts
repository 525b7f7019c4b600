import { NumericalError } from '../../errors.js';
import { addCombinations } from '../kernels/add-combinations.js';
import { gramMatrix, innerProducts } from '../kernels/inner-products.js';
import { choleskyQr } from '../kernels/cholesky-qr.js';
import { leadingRotation } from './leading-rotation.js';
import { unitScaled } from '../kernels/unit-scale.js';

/**
 * A search space V of a symmetric operator A with its residual directions R: A V = V T + R C, where W = [V, R] is orthonormal.
 *
 * - `columns`: W, one vector after the other, room for `capacity`; V is the first `size` of them, R the next `open`.
 * - `projected`: H with A V = W H, so that T is its first `size` rows and C the next `open`; H_ij at `[i * capacity + j]`.
 * - `norm`: the largest ‖A q‖ seen of a unit vector q, a bound on ‖A‖ from below.
 *
 * Ritz pairs (θ, V y) with T y = θ y have the residual R C y, whose norm ‖C y‖ costs nothing of length n. A product of any unit
 * vector of R extends the relation (`absorb`), whichever it is; taking all of R each time is block Lanczos, and a rotation of R
 * beforehand (`bringForward`) spends the products where they are wanted. Krylov–Schur (Stewart 2001) in the symmetric case, which
 * is thick restart (Wu & Simon 2000).
 */
export interface KrylovSpace {
  readonly dimension: number;
  capacity: number;
  columns: Float64Array;
  projected: Float64Array;
  size: number;
  open: number;
  norm: number;
}

/** The rounding of inner products, and of products that are exact to double precision, over ‖A‖. */
export function roundingOf(dimension: number): number {
  return 10 * Math.sqrt(dimension) * Number.EPSILON;
}

export function krylovSpace(dimension: number, capacity: number): KrylovSpace {
  const columns = new Float64Array(dimension * capacity);
  return {
    dimension,
    capacity,
    columns,
    projected: new Float64Array(capacity ** 2),
    size: 0,
    open: 0,
    norm: 0,
  };
}

/** Makes room for more vectors. */
export function enlarge(space: KrylovSpace, capacity: number): void {
  if (capacity <= space.capacity) return;
  const { columns, projected } = krylovSpace(space.dimension, capacity);
  columns.set(space.columns);
  for (let i = 0; i < space.capacity; i++) {
    projected.set(space.projected.subarray(i * space.capacity, (i + 1) * space.capacity), i * capacity);
  }
  Object.assign(space, { capacity, columns, projected });
}

/** Adds vectors to R, of which nothing is known yet. Returns how many were independent of W. Cost: 8n · (size + open) a vector. */
export function addOpen(space: KrylovSpace, block: Float64Array): number {
  const { dimension: n } = space;
  const before = space.open;
  if (space.size + before === 0 && isOrthonormal(block, n)) {
    for (let start = 0; start < block.length; start += n) write(space, block.subarray(start, start + n));
    return space.open;
  }
  for (let start = 0; start < block.length; start += n) {
    const column = unitScaled(block.subarray(start, start + n));
    const norm = Math.sqrt(innerProducts(column, 1, column, 1, n)[0]!);
    scale(column, 0, n, 1 / norm);
    if (norm > 0) append(space, column, 1e-8);
  }
  return space.open - before;
}

/** Rotates R so that its first vectors span the directions with the coordinates M in R, open × count, column after column. */
export function bringForward(space: KrylovSpace, directions: Float64Array, count: number): void {
  const { dimension: n, capacity, size, open, projected } = space;
  const { left, right } = leadingRotation(directions, open, count);
  const r = space.columns.subarray(size * n, (size + open) * n);
  const mixed = new Float64Array(n * count);
  addCombinations(r, open, left, mixed, count, n);
  addCombinations(mixed, count, right, r, open, n);
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

/**
 * Moves the first `count` vectors Q of R into V, given A Q, which is overwritten.
 *
 * What A Q has along V is known by symmetry, QᵀAV = C, and is taken out first; then all of W, once, and again only where that
 * cancelled more than half of a vector ("twice is enough": Parlett 1998, §6.9). What remains joins R, unless it is rounding.
 * Throws NumericalError if A Q is not finite. Cost: 4n · (size + open) per vector.
 */
export function absorb(space: KrylovSpace, count: number, moved: Float64Array): void {
  // Without room what is left of A Q would be lost, and with it the residuals.
  if (space.size + space.open + count > space.capacity) {
    enlarge(space, Math.min(space.dimension, Math.ceil(1.25 * (space.size + space.open)) + count));
  }
  const { dimension: n, capacity, size, open, columns, projected } = space;
  const total = size + open;
  space.norm = Math.max(space.norm, ...columnNorms(moved, count, n));
  if (!Number.isFinite(space.norm)) throw new NumericalError('the operator returned values that are not finite');

  const known = new Float64Array(total * count);
  const r = columns.subarray(size * n, total * n);
  let first = size;
  for (let i = size - 1; i >= 0; i--) {
    for (let j = 0; j < count; j++) {
      known[i * count + j] = projected[(size + j) * capacity + i]!;
      if (known[i * count + j] !== 0) first = i;
    }
  }
  known.set(innerProducts(r, open, moved, count, n), size * count);
  const subtract = (from: number, coefficients: Float64Array): void => {
    const negative = coefficients.subarray(from * count).map((x) => -x);
    addCombinations(columns.subarray(from * n, total * n), total - from, negative, moved, count, n);
  };
  subtract(first, known);
  let norms = columnNorms(moved, count, n);
  for (let pass = 0; pass < 3; pass++) {
    const before = norms;
    const rest = innerProducts(columns, total, moved, count, n);
    subtract(0, rest);
    for (let i = 0; i < rest.length; i++) known[i]! += rest[i]!;
    norms = columnNorms(moved, count, n);
    if (norms.every((after, j) => after >= 0.5 * before[j]!)) break;
  }
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < count; j++) projected[i * capacity + size + j] = known[i * count + j]!;
  }
  const isBlock = count > 1 && norms.every((norm) => norm > n * Number.EPSILON * space.norm);
  if (!isBlock || !addRemainders(space, total, moved, count)) {
    for (let j = 0; j < count; j++) addRemainder(space, total, moved.subarray(j * n, (j + 1) * n), size + j);
  }
  space.size += count;
  space.open -= count;
}

/** What is left of A Q, orthogonal to the first `total` vectors of W, as one block, if it is well conditioned. */
function addRemainders(space: KrylovSpace, total: number, moved: Float64Array, count: number): boolean {
  const { dimension: n, capacity, columns, projected, size } = space;
  if (total + count > Math.min(n, capacity)) return false;
  const factors = choleskyQr(moved, count, n);
  if (factors === undefined) return false;
  let { q, r } = factors;
  if (factors.pivot < 0.1) {
    const inner = innerProducts(columns, total, q, count, n).map((x) => -x);
    addCombinations(columns, total, inner, q, count, n);
    const again = choleskyQr(q, count, n);
    if (again === undefined) return false;
    q = again.q;
    r = triangularProduct(again.r, r, count);
  }
  for (let i = 0; i < count; i++) {
    if (r[i * count + i]! <= n * Number.EPSILON * space.norm) return false;
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
function addRemainder(space: KrylovSpace, total: number, column: Float64Array, at: number): void {
  const { dimension: n, capacity, columns, projected } = space;
  const before = columnNorm(column, 0, n);
  const added = space.size + space.open - total;
  const recent = columns.subarray(total * n, (total + added) * n);
  for (let pass = 0; pass < 2; pass++) {
    const inner = innerProducts(recent, added, column, 1, n);
    addCombinations(
      recent,
      added,
      inner.map((x) => -x),
      column,
      1,
      n,
    );
    for (let i = 0; i < added; i++) projected[(total + i) * capacity + at]! += inner[i]!;
  }
  const norm = columnNorm(column, 0, n);
  if (!(norm > n * Number.EPSILON * space.norm)) return;
  scale(column, 0, n, 1 / norm);
  const row = space.size + space.open;
  const isKept = norm >= 0.5 * before ? write(space, column) : append(space, column, 0.5);
  if (isKept) projected[row * capacity + at] = norm;
}

/** Adds a unit vector to R after orthogonalisation, twice, unless it shrinks below `negligible` first or is rounding. */
function append(space: KrylovSpace, column: Float64Array, negligible: number): boolean {
  const { dimension: n, columns } = space;
  const total = space.size + space.open;
  for (let pass = 0; pass < 2; pass++) {
    const inner = innerProducts(columns, total, column, 1, n);
    addCombinations(
      columns,
      total,
      inner.map((x) => -x),
      column,
      1,
      n,
    );
    const norm = columnNorm(column, 0, n);
    if (!(norm > (pass === 0 ? negligible : 0.5))) return false;
    scale(column, 0, n, 1 / norm);
  }
  return write(space, column);
}

function write(space: KrylovSpace, column: Float64Array): boolean {
  const { dimension: n, capacity, columns, projected } = space;
  const row = space.size + space.open;
  if (row >= Math.min(capacity, n)) return false;
  columns.set(column, row * n);
  projected.fill(0, row * capacity, (row + 1) * capacity);
  space.open++;
  return true;
}

/** Is XᵀX = 1 to the rounding of an inner product? */
function isOrthonormal(block: Float64Array, n: number): boolean {
  const count = block.length / n;
  const limit = Math.sqrt(n) * Number.EPSILON;
  return gramMatrix(block, count, n).every((x, at) => Math.abs(x - (at % (count + 1) === 0 ? 1 : 0)) <= limit);
}

function columnNorm(block: Float64Array, j: number, n: number): number {
  const column = block.subarray(j * n, (j + 1) * n);
  return Math.sqrt(innerProducts(column, 1, column, 1, n)[0]!);
}

function columnNorms(block: Float64Array, count: number, n: number): number[] {
  return Array.from({ length: count }, (_, j) => columnNorm(block, j, n));
}

function scale(x: Float64Array, start: number, n: number, factor: number): void {
  for (let i = start; i < start + n; i++) x[i]! *= factor;
}
