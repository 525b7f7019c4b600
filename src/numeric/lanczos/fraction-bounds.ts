import type { Pausing } from '../kernels/pausing.js';
import type { SmallEigen } from '../kernels/small-symmetric-eigen.js';
import { energyBounds, type EnergyBounds, type RitzEvidence } from './energy-bounds.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { LanczosSearch } from './lanczos-search.js';
import { shareAtLeast, shareAtMost } from './quadrature-bounds.js';
import { ritzCeilings } from './ritz-ceilings.js';
import type { JacobiMatrix } from './spectral-ceiling.js';
import { krylovReach, type KrylovReach } from './witness.js';

/** What is known of a top fraction. */
export interface FractionBounds {
  readonly bounds: EnergyBounds;
  /** What they would be if nothing had been overlooked. */
  readonly presumed: EnergyBounds;
  /** What they are with other ceilings. */
  readonly given: (ceilings: Float64Array) => EnergyBounds;
  /** What the next step of Lanczos of g lacks, in the coordinates of R; none where that is nothing, or g not in V. */
  readonly direction: Float64Array | undefined;
}

/** Bounds on the share of g in the top m. Cost: O((size + open)³). */
export function* fractionBounds(search: LanczosSearch, evidence: RitzEvidence, m: number): Pausing<FractionBounds> {
  const reach = yield* gradientReach(search);
  const presumed = yield* presumedCeilings(search, evidence, m);
  const { squaredNorm } = search.tracker;
  const upper = reach === undefined || m >= evidence.values.length ? undefined : boundAbove(evidence, m, reach);
  const given = (ceilings: ArrayLike<number>): EnergyBounds =>
    boundsOfBoth({ ...evidence, ceilings }, energyBounds({ ...evidence, ceilings }, squaredNorm, m), m, reach, upper);
  return {
    bounds: given(evidence.ceilings),
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
  { values, residuals, rounding = 0 }: RitzEvidence,
  m: number,
): Pausing<Float64Array> {
  const { size } = space;
  const basis = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  let unresolved = 0;
  while (unresolved < m && 2 * residuals[unresolved]! <= values[unresolved]! - values[unresolved + 1]!) unresolved++;
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
  }: Pick<RitzEvidence, 'residuals' | 'ceilings' | 'rounding'> & {
    readonly ritz: SmallEigen;
    readonly coupling: Float64Array;
  },
): RitzEvidence {
  return {
    residuals,
    ceilings,
    ...(rounding === undefined ? {} : { rounding }),
    values: ritz.values,
    coefficients: tracker.coefficients(ritz, space.size),
    directions: { coupling, open: space.open },
    // In single precision, Lanczos of g began with its rounding.
    gradientError: (goal?.gradientError ?? 0) + (space.vectors.precision === 'f32' ? 2 ** -24 : 0),
  };
}
