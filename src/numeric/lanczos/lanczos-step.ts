import type { Pausing } from '../kernels/pausing.js';
import { bringForward } from './bring-forward.js';
import { addOpen } from './join-vectors.js';
import { enlarge } from './krylov-space.js';
import type { Assessment } from './lanczos-assessment.js';
import type { Step } from './lanczos-decision.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { LanczosSearch } from './lanczos-search.js';
import { lastDirections, principalDirections } from './residual-directions.js';
import { drawWitness, nextDirections } from './witness.js';

/** Brings what a step wants multiplied to the front of R, and says how many vectors of R that are; 0 where R is empty. */
export function* prepare(
  search: LanczosSearch,
  step: Step,
  assessment: Assessment,
  settings: LanczosSettings,
): Pausing<number> {
  return (yield* wanted(search, step, assessment, settings)) || Math.min(settings.blockSize, search.space.open);
}

function* wanted(
  search: LanczosSearch,
  step: Step,
  assessment: Assessment,
  settings: LanczosSettings,
): Pausing<number> {
  switch (step.kind) {
    case 'draw-witness':
      return yield* draw(search, assessment.ritz.vectors.slice(0, step.known * search.space.size), settings);
    case 'follow-witness':
      return yield* follow(search, assessment.testimony!.directions);
    case 'add-gradient':
      return yield* addGradient(search, settings.goal!.gradient);
    case 'reduce-residuals': {
      const { open } = search.space;
      const residuals = step.pairs.map(({ pair, weight }) =>
        assessment.coupling.slice(pair * open, (pair + 1) * open).map((x) => weight * x),
      );
      return yield* forward(search, residuals, settings.blockSize);
    }
  }
}

/**
 * The next vectors without a look at what is known: a witness that is followed goes on, and an R that is no larger than a block is taken
 * whole. 0 where that is not possible without a decision or a restart.
 */
export function* unseenStep(
  search: LanczosSearch,
  last: Step | undefined,
  { blockSize }: LanczosSettings,
): Pausing<number> {
  const { space, witness, room } = search;
  const isFollowed = last?.kind === 'follow-witness' && witness !== undefined;
  const whole = space.open <= blockSize ? space.open : 0;
  const take = isFollowed ? yield* follow(search, yield* nextDirections(space, witness)) : whole;
  return space.size + take <= room ? take : 0;
}

/**
 * As many vectors as have been drawn before, up to 16, and room to follow them as long as `effort` allows; where there is no such room, restarts end
 * witnesses early, and what all of them may cost is what the first may.
 */
function* draw(
  search: LanczosSearch,
  known: Float64Array,
  { effort, most, count, blockSize }: LanczosSettings,
): Pausing<number> {
  const { space, spent, stream, room } = search;
  const n = space.dimension;
  const vectors = Math.min(2 ** (spent.witnesses - 1), 16, Math.max(1, most - count - 2 * blockSize));
  search.witness = yield* drawWitness(space, known, vectors, stream);
  const drawnNow = search.witness?.starts.length ?? 0;
  const drawnAt = Math.max(spent.products, 40);
  const wantedRoom = Math.max(room, Math.min(n, space.size + Math.ceil(effort * drawnAt), roomFor(n)));
  const isLater = wantedRoom > most && spent.witnesses > 1;
  spent.followed = drawnNow + (isLater ? spent.followed : 0);
  if (!isLater) spent.drawnAt = drawnAt;
  spent.witnesses++;
  search.room = Math.min(most, wantedRoom);
  return drawnNow;
}

function* follow(search: LanczosSearch, directions: readonly Float64Array[]): Pausing<number> {
  const lacking = directions.filter((direction) => direction.some((x) => x !== 0));
  const taken = yield* forward(search, lacking, lacking.length);
  search.spent.followed += taken;
  return taken;
}

function* addGradient(search: LanczosSearch, gradient: Float64Array): Pausing<number> {
  const { space } = search;
  search.isGradientInside = true;
  enlarge(space, space.size + space.open + 1);
  const added = yield* addOpen(space, gradient);
  if (added > 0) yield* bringForward(space, lastDirections(space.open, added), added);
  return added;
}

/** Brings the principal ones of some directions in R to the front, at most `most`. */
function* forward({ space }: LanczosSearch, directions: readonly Float64Array[], most: number): Pausing<number> {
  const count = Math.min(directions.length, most, space.open);
  if (count < space.open) yield* bringForward(space, principalDirections(directions, space.open, count), count);
  return count;
}

/** Vectors of length n in 256 MB. */
function roomFor(n: number): number {
  return Math.floor(2 ** 25 / n);
}
