import type { FloatArray, Precision } from '../kernels/float-array.js';
import { drawn, type Pausing } from '../kernels/pausing.js';
import { norm } from '../kernels/norm.js';
import { addScaled } from '../kernels/orthonormalise.js';
import { unitScaled } from '../kernels/unit-scale.js';
import { randomStream, type RandomStream } from '../random.js';
import { addOpen } from './join-vectors.js';
import { enlarge, krylovSpace, type KrylovSpace } from './krylov-space.js';
import { isAsked, type LanczosSettings } from './lanczos-options.js';
import type { ProductProgram } from './product-program.js';
import type { JacobiMatrix } from './spectral-ceiling.js';
import { projectionTracker, type ProjectionTracker } from './projection-tracker.js';
import { scaleInPlace } from './unit-columns.js';
import { firstWitness, type KrylovReach, type Witness } from './witness.js';

/** A search as it goes on: its space, what it has found out besides, and what it has spent. */
export interface LanczosSearch {
  /** −1 where the smallest eigenvalues are wanted: they are the largest of −A. */
  readonly sign: 1 | -1;
  readonly space: KrylovSpace;
  readonly tracker: ProjectionTracker;
  readonly stream: RandomStream;
  /** Vectors that V may hold before it starts anew from its Ritz vectors. */
  room: number;
  /** What tells of overlooked eigenvalues; none after a restart, which takes its Krylov space away. */
  witness: Witness | undefined;
  /** ‖A‖, from below. */
  norm: number;
  /** The rounding ‖E‖ of products over ‖A‖, where V, T and C are those of A + E, once it has been measured. */
  rounding: number | undefined;
  /** Is g, of unit length, the first vector of V? */
  isGradientFirst: boolean;
  /** Lanczos of g as far as it lay in V before a restart, which takes it away. */
  reach: JacobiMatrix | undefined;
  /** The same at the last look, from where it goes on. */
  gradientReach: KrylovReach | undefined;
  /** The last look: products that had been spent, and how far the goal was. */
  last: { readonly products: number; readonly distance: number } | undefined;
  readonly spent: Spent;
}

interface Spent {
  products: number;
  restarts: number;
  /** Draws of witnesses; products that had been spent at the last one; and those spent on following it. */
  witnesses: number;
  drawnAt: number;
  followed: number;
  /** When the search began, and seconds spent on products and on looking at what is known, pauses included. */
  readonly began: number;
  inProducts: number;
  looking: number;
}

/** Seconds of a clock that only goes forward. */
export const now = (): number => performance.now() / 1000;

/**
 * A search that has multiplied nothing: R holds g, where its top fraction is wanted to an accuracy, the start, and random vectors, the first witness of
 * what lies behind these, which they do not depend on.
 */
export function* beginSearch(
  n: number,
  { start, near, guards, basis, goal, seed, sign }: LanczosSettings,
  precision: Precision,
): Pausing<LanczosSearch> {
  const began = now();
  // Vectors that were found with the same seed depend on its random vectors: those of this search are others.
  const stream = randomStream(
    seed,
    'block-lanczos',
    ...[start, near ?? noVector].filter(({ length }) => length > 0).map(fingerprint),
  );
  const room = Math.min(n, basis);
  const capacity = Math.min(n, basis + start.length / n + guards + 1);
  const space = krylovSpace(n, capacity, precision);
  const isGradientFirst = isAsked(goal);
  if (isGradientFirst) yield* addOpen(space, goal.gradient);
  yield* addOpen(space, start);
  const known = space.open;
  enlarge(space, Math.min(n, room + space.open + guards));
  const random = yield* drawn(n * Math.min(guards, n - space.open), () => stream.normal());
  if (near !== undefined && random.length > 0) addDirection(random.subarray(0, n), near);
  const added = yield* addOpen(space, random);
  const witness = near === undefined ? firstWitness(known, added) : undefined;
  return {
    sign,
    space,
    tracker: projectionTracker(n, goal?.gradient),
    stream,
    room,
    witness,
    norm: 0,
    rounding: undefined,
    isGradientFirst,
    reach: undefined,
    gradientReach: undefined,
    last: undefined,
    spent: {
      products: 0,
      restarts: 0,
      witnesses: 1,
      drawnAt: start.length / n || 40,
      followed: space.open - known,
      began,
      inProducts: 0,
      looking: 0,
    },
  };
}

/** ± A times a block; `again`: by another route. */
export function* signedProduct(
  { sign, spent }: LanczosSearch,
  block: FloatArray,
  columns: number,
  again = false,
): ProductProgram<Float64Array> {
  const asked = now();
  const moved = yield { block, columns, again };
  spent.inProducts += now() - asked;
  spent.products += columns;
  if (sign < 0) scaleInPlace(moved, -1);
  return moved;
}

const noVector = new Float64Array(0);

/** x + y, with y as long as x, in x. */
function addDirection(x: Float64Array, y: Float64Array): void {
  const unit = unitScaled(y);
  const length = norm(unit);
  if (length > 0) addScaled(norm(x) / length, unit, 0, x, 0, x.length);
}

/** A number that is another one for other vectors, whatever their length. */
function fingerprint(vectors: Float64Array): number {
  return unitScaled(vectors).reduce((sum, x, i) => sum + x * (1 + (i % 97)), 0);
}
