import { innerProductsWith } from '../kernels/inner-products.js';
import { breath, drawn, type Pausing } from '../kernels/pausing.js';
import { bringForward } from './bring-forward.js';
import { addOpen } from './join-vectors.js';
import { enlarge, roundingOf, type KrylovSpace } from './krylov-space.js';
import type { RandomStream } from '../random.js';
import { largestRitzValue, spectralCeiling, type JacobiMatrix } from './spectral-ceiling.js';

/**
 * Random vectors that tell what a search has overlooked: uniform in the complement of a subspace Y of V that does not depend on them, and
 * followed there by Lanczos. All in the coordinates of V, whose vectors stay what they are when others join them: not to be used after a restart.
 */
export interface Witness {
  /** An orthonormal basis of Y: vectors of as many coordinates as V had when it was chosen, one after the other. */
  readonly basis: Float64Array;
  /** How many vectors that are. */
  readonly known: number;
  /** The orthonormal random vectors, orthogonal to Y. */
  readonly starts: readonly Float64Array[];
  /** How far each has been followed at the last look, from where it goes on. */
  reaches?: readonly KrylovReach[];
  /** T = YᵀAY, known × known, and the singular values and right singular vectors of D = A Y − Y T, once they have been asked for. */
  projection?: { readonly t: Float64Array; readonly singular: Float64Array; readonly directions: Float64Array };
}

/** What a witness says. */
export interface Testimony {
  /** With probability at least 1 − `failure`, A on the complement of Y has no eigenvalue above it. */
  readonly ceiling: number;
  /** The largest Ritz value there: the ceiling will not fall below it. */
  readonly top: number;
  /** What the next steps lack, in the coordinates of R; zero where they lack nothing. */
  readonly directions: readonly Float64Array[];
}

/** The witness of an empty V that begins with some vectors, which are known, and behind them random ones, all still in R; none without these. */
export function firstWitness(known: number, random: number): Witness | undefined {
  if (random === 0) return undefined;
  const unit = (i: number): Float64Array => new Float64Array(known + random).fill(1, i, i + 1);
  const basis = new Float64Array((known + random) * known);
  for (let i = 0; i < known; i++) basis.set(unit(i), i * (known + random));
  return { basis, known, starts: Array.from({ length: random }, (_, i) => unit(known + i)) };
}

/**
 * Draws random vectors in the complement of the span of some vectors y of V, and brings what they have outside of V to the front of R, where it is to
 * be multiplied next. The coordinates of a Gaussian vector along V are independent of the rest of it, and normal. Undefined where y span
 * everything. Cost: 8n · (size + open) a vector.
 */
export function* drawWitness(
  space: KrylovSpace,
  basis: Float64Array,
  vectors: number,
  stream: RandomStream,
): Pausing<Witness | undefined> {
  const { dimension: n, size } = space;
  const known = basis.length / size;
  const wanted = Math.min(vectors, n - size);
  if (wanted === 0) return undefined;
  const gaussian = yield* drawn(n * wanted, () => stream.normal());
  enlarge(space, Math.min(n, size + space.open + wanted));
  yield* addOpen(space, gaussian);
  const along = (count: number): Pausing<Float64Array> =>
    innerProductsWith(space.vectors.part(size, count), gaussian, wanted);
  const { open } = space;
  const outside = yield* along(open);
  const directions = Float64Array.from({ length: open * wanted }, (_, at) => {
    return outside[(at % open) * wanted + Math.floor(at / open)]!;
  });
  yield* bringForward(space, directions, wanted);
  const fresh = yield* along(wanted);
  const starts: Float64Array[] = [];
  for (let a = 0; a < wanted; a++) {
    const start = new Float64Array(size + wanted).map((_, i) =>
      i < size ? stream.normal() : fresh[(i - size) * wanted + a]!,
    );
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < known; j++) removeAlong(start, basis.subarray(j * size, (j + 1) * size));
      for (const other of starts) removeAlong(start, other);
    }
    const norm = Math.sqrt(product(start, start));
    starts.push(start.map((x) => x / norm));
  }
  return { basis, known, starts };
}

/**
 * The testimony of a witness whose vectors have been followed so far. Orthonormal vectors uniform in n − q dimensions all have less than
 * δ √(π/2(n − q)) along a given direction with probability at most δ^vectors, so that the largest of their bounds, each with δ, holds with
 * that of the whole. Cost: O(size² · steps) for each vector.
 */
export function* testimony(space: KrylovSpace, witness: Witness, failure: number): Pausing<Testimony> {
  const reaches = yield* reachesOf(space, witness);
  const each = failure ** (1 / witness.starts.length);
  return {
    ceiling: Math.max(...reaches.map((reach) => spectralCeiling(reach, space.dimension - witness.known, each))),
    top: Math.max(...reaches.map(largestRitzValue)),
    directions: reaches.map(({ direction }) => direction),
  };
}

/** What the next steps of a witness lack, in the coordinates of R: the directions of its testimony alone. */
export function* nextDirections(space: KrylovSpace, witness: Witness): Pausing<Float64Array[]> {
  return (yield* reachesOf(space, witness)).map(({ direction }) => direction);
}

function* reachesOf(space: KrylovSpace, witness: Witness): Pausing<KrylovReach[]> {
  const reaches: KrylovReach[] = [];
  for (const [i, start] of witness.starts.entries()) {
    reaches.push(yield* krylovReach(space, witness, start, witness.reaches?.[i]));
  }
  witness.reaches = reaches;
  return reaches;
}

/** How far the Krylov space of a vector lies in a search space, with its tridiagonal matrix. */
export interface KrylovReach extends JacobiMatrix {
  /** What the next Krylov vector has outside of V, in the coordinates of R; zero where the space is exhausted. */
  readonly direction: Float64Array;
  /** The Krylov vectors, in the coordinates of V; shorter ones have no others. */
  readonly steps: readonly Float64Array[];
}

/**
 * The Krylov space of a vector of V orthogonal to Y under A on the complement of Y, as far as it lies in V: Lanczos in the coordinates of
 * V, until what it has along R is no longer rounding or the space is exhausted. `before`: what it was in a smaller V. Cost: O(size²) for each
 * further step.
 */
export function* krylovReach(
  space: KrylovSpace,
  { basis, known }: Pick<Witness, 'basis' | 'known'>,
  start: Float64Array,
  before?: KrylovReach,
): Pausing<KrylovReach> {
  const { dimension, vectors, size, open, norm } = space;
  const rounding = roundingOf(dimension, vectors.precision) * norm;
  const length = known === 0 ? 0 : basis.length / known;
  const steps = [...(before?.steps ?? [])];
  const [alpha, beta] = [[...(before?.alpha ?? [])], (before?.beta ?? []).slice(0, -1)];
  let next = new Float64Array(size + open);
  if (steps.length === 0) next.set(start);
  else moveBy(space, steps.at(-1)!, next);
  const together = Math.max(1, Math.floor(breath / (size + open) ** 2));
  for (;;) {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < known; j++) removeAlong(next, basis.subarray(j * length, (j + 1) * length));
      for (const u of steps) removeAlong(next, u);
    }
    const left = Math.sqrt(product(next, next));
    if (steps.length > 0) beta.push(Math.max(left, Number.EPSILON * norm));
    const direction = next.subarray(size);
    if (Math.sqrt(product(direction, direction)) > rounding) return { alpha, beta, direction, steps };
    if (steps.length === size - known || (steps.length > 0 && !(left > rounding))) {
      return { alpha, beta, direction: new Float64Array(open), steps };
    }
    const u = next.subarray(0, size).map((x) => x / left);
    steps.push(u);
    if (steps.length % together === 0) yield;
    next = new Float64Array(size + open);
    moveBy(space, u, next);
    alpha.push(product(u, next));
  }
}

/** result = H u, for u of as many coordinates as V has, or fewer. */
function moveBy({ size, open, capacity, projected }: KrylovSpace, u: Float64Array, result: Float64Array): void {
  for (let i = 0; i < size + open; i++) {
    let sum = 0;
    for (let j = 0; j < u.length; j++) sum += projected[i * capacity + j]! * u[j]!;
    result[i] = sum;
  }
}

/** Takes out of x, which may be longer, what it has along a unit vector. */
function removeAlong(x: Float64Array, unit: Float64Array): void {
  const inner = product(unit, x);
  for (let i = 0; i < unit.length; i++) x[i]! -= inner * unit[i]!;
}

/** x · y, y perhaps the longer. */
function product(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
