import type { Pausing } from '../kernels/pausing.js';
import { fractionBounds, ritzEvidence, type FractionBounds } from './fraction-bounds.js';
import { roundingOf } from './krylov-space.js';
import { isAsked, type LanczosSettings } from './lanczos-options.js';
import type { LanczosSearch } from './lanczos-search.js';
import { coordinateNorms } from './residual-directions.js';
import { ritzCeilings } from './ritz-ceilings.js';
import { ritzPairs, ritzResiduals } from './ritz-pairs.js';
import type { SmallEigen } from '../kernels/small-symmetric-eigen.js';
import { testimony, type Testimony } from './witness.js';

/** What a search knows at one moment, all of it from small matrices. */
export interface Assessment {
  readonly ritz: SmallEigen;
  /** C y of all Ritz vectors, the residuals in the coordinates of R, and their norms. */
  readonly coupling: Float64Array;
  readonly residuals: readonly number[];
  /** ‖A‖, from below. */
  readonly norm: number;
  /** ‖E‖, where V, T and C are those of A + E. */
  readonly rounding: number;
  /** Residual at which a pair has converged. */
  readonly converged: number;
  /** What the witness says, where there is one. */
  readonly testimony: Testimony | undefined;
  /** λ_j ≤ ceilings[j − 1] for j up to count + 1, unless the witness fails. */
  readonly ceilings: Float64Array;
  /** The same with the best that this witness may ever say. */
  readonly reachable: () => Pausing<Float64Array>;
  /** Where a top fraction is wanted, and V has more than its pairs. */
  readonly fraction: FractionBounds | undefined;
}

/** Cost: O((size + open)³). */
export function* assess(search: LanczosSearch, settings: LanczosSettings): Pausing<Assessment> {
  const { space, witness, spent } = search;
  const { size, open, dimension } = space;
  const { count, goal } = settings;
  const ritz = yield* ritzPairs(space);
  const norm = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values.at(-1)!), search.norm);
  const rounding = Math.max((search.rounding ?? 0) * norm, roundingOf(dimension, space.vectors.precision) * norm);
  const coupling = ritzResiduals(space, ritz, size);
  const residuals = open > 0 ? coordinateNorms(coupling, size) : new Array<number>(size).fill(0);
  const failure = settings.failure / 2 ** spent.witnesses; // of all witnesses together at most what is allowed
  const said = witness === undefined ? undefined : yield* testimony(space, witness, failure);
  const isWhole = size === dimension;
  const ceilingsAt = function* (nu: number): Pausing<Float64Array> {
    return witness === undefined || nu === Infinity
      ? new Float64Array(count + 1).fill(Infinity)
      : yield* ritzCeilings(space, witness, nu, count + 1, rounding);
  };
  const ceilings = isWhole
    ? ritz.values.slice(0, count + 1).map((value) => value + rounding)
    : yield* ceilingsAt(said?.ceiling ?? Infinity);
  return {
    ritz,
    coupling,
    residuals,
    norm,
    rounding,
    converged: Math.max(settings.tolerance * norm, rounding),
    testimony: said,
    ceilings,
    *reachable() {
      return isWhole || said === undefined ? ceilings : yield* ceilingsAt(said.top);
    },
    fraction:
      !isAsked(goal) || size <= goal.m
        ? undefined // or only bounded in the end
        : yield* fractionBounds(
            search,
            ritzEvidence(search, settings, { ritz, coupling, residuals, ceilings, rounding }),
            goal.m,
          ),
  };
}
