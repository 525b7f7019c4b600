import type { Pausing } from '../kernels/pausing.js';
import { energyBounds, type EnergyBounds, type RitzEvidence } from './energy-bounds.js';
import { roundingOf } from './krylov-space.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { LanczosSearch } from './lanczos-search.js';
import type { ProjectionTracker } from './projection-tracker.js';
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
  /** Where a top fraction is wanted: bounds on it; the bounds there would be if nothing had been overlooked; and if g lay in V as well. */
  readonly fraction:
    | { readonly bounds: EnergyBounds; readonly presumed: EnergyBounds; readonly presumedInside: EnergyBounds }
    | undefined;
}

/** Cost: O((size + open)³). */
export function* assess(search: LanczosSearch, settings: LanczosSettings): Pausing<Assessment> {
  const { space, tracker, witness, spent } = search;
  const { size, open, dimension } = space;
  const { count, goal } = settings;
  const ritz = yield* ritzPairs(space);
  const norm = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values.at(-1)!), search.norm);
  const rounding = Math.max(search.rounding ?? 0, roundingOf(dimension, space.vectors.precision) * norm);
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
      goal === undefined || goal.accuracy === 0 || size <= goal.m
        ? undefined // or only bounded in the end
        : fractionOf(
            ritzEvidence(search, settings, { ritz, coupling, residuals, ceilings, rounding }),
            tracker,
            goal.m,
          ),
  };
}

/** Three times the same evidence: with its ceilings, with those there would be if nothing had been overlooked, and if g lay in V as well. */
function fractionOf(evidence: RitzEvidence, { squaredNorm }: ProjectionTracker, m: number): Assessment['fraction'] {
  const { values, residuals } = evidence;
  const presumed = { ...evidence, ceilings: Float64Array.from(values, (value, i) => value + residuals[i]!) };
  return {
    bounds: energyBounds(evidence, squaredNorm, m),
    presumed: energyBounds(presumed, squaredNorm, m),
    presumedInside: energyBounds({ ...presumed, outside: 0 }, squaredNorm, m),
  };
}

/** What is known of the pairs and of g along them. Cost: O(size²). */
export function ritzEvidence(
  { space, tracker }: Pick<LanczosSearch, 'space' | 'tracker'>,
  { goal }: LanczosSettings,
  {
    ritz,
    coupling,
    residuals,
    ceilings,
    rounding,
  }: Pick<Assessment, 'ritz' | 'coupling' | 'residuals' | 'ceilings' | 'rounding'>,
): RitzEvidence {
  return {
    residuals,
    ceilings,
    rounding,
    values: ritz.values,
    coefficients: tracker.coefficients(ritz, space.size),
    directions: { coupling, open: space.open },
    gradientError: goal?.gradientError ?? 0,
  };
}
