import type { FloatArray, Precision } from '../kernels/float-array.js';
import { drawn, type Pausing } from '../kernels/pausing.js';
import { randomStream, type RandomStream } from '../random.js';
import { addOpen } from './join-vectors.js';
import { enlarge, krylovSpace, type KrylovSpace } from './krylov-space.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { ProductProgram } from './product-program.js';
import { projectionTracker, type ProjectionTracker } from './projection-tracker.js';
import { scaleInPlace } from './unit-columns.js';
import { firstWitness, type Witness } from './witness.js';

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
  /** The rounding ‖E‖ of products, where V, T and C are those of A + E, once it has been measured. */
  rounding: number | undefined;
  isGradientInside: boolean;
  readonly spent: Spent;
}

interface Spent {
  products: number;
  restarts: number;
  /** Draws of witnesses; products that had been spent at the last one; and those spent on following it. */
  witnesses: number;
  drawnAt: number;
  followed: number;
}

/** A search that has multiplied nothing: R holds the start and random vectors, the first witness of what lies behind the start, which they do not depend on. */
export function* beginSearch(
  n: number,
  { start, guards, basis, goal, seed, sign }: LanczosSettings,
  precision: Precision,
): Pausing<LanczosSearch> {
  // A start that was found with the same seed depends on its random vectors: those of this search are others.
  const stream = randomStream(seed, 'block-lanczos', ...(start.length > 0 ? [fingerprint(start)] : []));
  const room = Math.min(n, basis);
  const capacity = Math.min(n, basis + start.length / n + guards);
  const space = krylovSpace(n, capacity, precision);
  const known = yield* addOpen(space, start);
  enlarge(space, Math.min(n, room + space.open + guards));
  const random = yield* drawn(n * Math.min(guards, n - space.open), () => stream.normal());
  const witness = firstWitness(known, yield* addOpen(space, random));
  return {
    sign,
    space,
    tracker: projectionTracker(n, goal?.gradient),
    stream,
    room,
    witness,
    norm: 0,
    rounding: undefined,
    isGradientInside: false,
    spent: { products: 0, restarts: 0, witnesses: 1, drawnAt: known || 40, followed: space.open - known },
  };
}

/** ± A times a block; `again`: by another route. */
export function* signedProduct(
  { sign, spent }: LanczosSearch,
  block: FloatArray,
  columns: number,
  again = false,
): ProductProgram<Float64Array> {
  const moved = yield { block, columns, again };
  spent.products += columns;
  if (sign < 0) scaleInPlace(moved, -1);
  return moved;
}

/** A number that is another one for other vectors. */
function fingerprint(vectors: Float64Array): number {
  return vectors.reduce((sum, x, i) => sum + x * (1 + (i % 97)), 0);
}
