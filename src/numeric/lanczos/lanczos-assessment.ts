import type { Pausing } from '../kernels/pausing.js';
import { energyBounds, type EnergyBounds, type RitzEvidence } from './energy-bounds.js';
import { roundingOf } from './krylov-space.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { LanczosSearch } from './lanczos-search.js';
import { shareAtLeast, shareAtMost } from './quadrature-bounds.js';
import { coordinateNorms } from './residual-directions.js';
import { ritzCeilings } from './ritz-ceilings.js';
import { ritzPairs, ritzResiduals } from './ritz-pairs.js';
import type { SmallEigen } from '../kernels/small-symmetric-eigen.js';
import type { JacobiMatrix } from './spectral-ceiling.js';
import { krylovReach, testimony, type KrylovReach, type Testimony } from './witness.js';

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
  /** Where a top fraction is wanted: bounds on it, those there would be if nothing had been overlooked, and those with other ceilings. */
  readonly fraction:
    | {
        readonly bounds: EnergyBounds;
        readonly presumed: EnergyBounds;
        readonly given: (ceilings: Float64Array) => EnergyBounds;
        /** What the next step of Lanczos of g lacks, in the coordinates of R; none where that is nothing, or g not in V. */
        readonly direction: Float64Array | undefined;
      }
    | undefined;
}

/** Cost: O((size + open)³). */
export function* assess(search: LanczosSearch, settings: LanczosSettings): Pausing<Assessment> {
  const { space, tracker, witness, spent } = search;
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
      goal === undefined || goal.accuracy === 0 || size <= goal.m
        ? undefined // or only bounded in the end
        : fractionOf(
            ritzEvidence(search, settings, { ritz, coupling, residuals, ceilings, rounding }),
            tracker.squaredNorm,
            goal.m,
            {
              reach: yield* gradientReach(search),
              presumed: yield* presumedCeilings(search, ritz, residuals, goal.m, rounding),
            },
          ),
  };
}

/** The same evidence with its ceilings, and with those there would be if nothing had been overlooked. */
function fractionOf(
  evidence: RitzEvidence,
  squaredNorm: number,
  m: number,
  { reach, presumed }: { readonly reach: Reach | undefined; readonly presumed: Float64Array },
): Assessment['fraction'] {
  const upper = reach === undefined || m >= evidence.values.length ? undefined : boundAbove(evidence, m, reach);
  const given = (ceilings: Float64Array): EnergyBounds =>
    boundsOfBoth({ ...evidence, ceilings }, energyBounds({ ...evidence, ceilings }, squaredNorm, m), m, reach, upper);
  return {
    bounds: given(evidence.ceilings as Float64Array),
    presumed: given(presumed),
    given,
    direction: reach?.direction?.some((x) => x !== 0) === true ? reach.direction : undefined,
  };
}

/**
 * The ceilings that a witness behind all of V would give up to m + 1, if the eigenvalues in its complement were not above the Ritz value behind the cut, nor above
 * a pair that is not resolved: where a residual is not small beside the gap to the next value, another eigenvalue is likely to be near.
 */
function* presumedCeilings(
  { space }: LanczosSearch,
  { values }: SmallEigen,
  residuals: readonly number[],
  m: number,
  rounding: number,
): Pausing<Float64Array> {
  const { size } = space;
  const basis = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  const unresolved = residuals.findIndex((r, i) => i === m || 2 * r > values[i]! - values[i + 1]!);
  const nu = values[unresolved]! + residuals[unresolved]!;
  return yield* ritzCeilings(space, { basis, known: size, starts: [] }, nu, m + 1, rounding);
}

/** Bounds from the pairs, and where Lanczos of g is known, by quadrature: the narrower holds on each side. `upper`: that by quadrature, if known. */
export function boundsOfBoth(
  evidence: RitzEvidence,
  bounds: EnergyBounds,
  m: number,
  reach: JacobiMatrix | undefined,
  upper?: number,
): EnergyBounds {
  const { values, ceilings, rounding = 0, gradientError = 0 } = evidence;
  if (reach === undefined || m >= values.length) return bounds;
  return {
    ...bounds,
    lower: Math.max(bounds.lower, shareAtLeast(reach, { ceiling: ceilings[m] ?? Infinity, rounding, gradientError })),
    upper: Math.min(bounds.upper, upper ?? boundAbove(evidence, m, reach)),
  };
}

const boundAbove = ({ values, rounding = 0, gradientError = 0 }: RitzEvidence, m: number, reach: JacobiMatrix) =>
  shareAtMost(reach, { floor: values[m - 1]!, rounding, gradientError });

type Reach = JacobiMatrix & Partial<KrylovReach>;

/** Lanczos of g as far as it lies in V, where g is its first vector; before a restart, where there was one. Cost: O(size² · steps). */
export function* gradientReach(search: LanczosSearch): Pausing<Reach | undefined> {
  if (!search.isGradientFirst) return search.reach;
  const first = new Float64Array(search.space.size).fill(1, 0, 1);
  return (search.gradientReach = yield* krylovReach(
    search.space,
    { basis: new Float64Array(0), known: 0 },
    first,
    search.gradientReach,
  ));
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
    // In single precision, Lanczos of g began with its rounding.
    gradientError: (goal?.gradientError ?? 0) + (space.vectors.precision === 'f32' ? 2 ** -24 : 0),
  };
}
