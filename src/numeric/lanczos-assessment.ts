import { energyBounds, type EnergyBounds, type RitzEvidence } from './energy-bounds.js';
import type { KrylovSpace } from './krylov-space.js';
import type { LanczosSettings } from './lanczos-options.js';
import type { ProjectionTracker } from './projection-tracker.js';
import { columnNorms } from './residual-directions.js';
import { ritzCeilings } from './ritz-ceilings.js';
import { ritzPairs, ritzResiduals } from './ritz-pairs.js';
import type { SmallEigen } from './small-symmetric-eigen.js';
import { testimony, type Testimony, type Witness } from './witness.js';

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
  readonly reachable: () => Float64Array;
  /** Where a top fraction is wanted: bounds on it; the bounds there would be if nothing had been overlooked; and if g lay in V as well. */
  readonly fraction:
    | { readonly bounds: EnergyBounds; readonly presumed: EnergyBounds; readonly presumedInside: EnergyBounds }
    | undefined;
}

export interface SearchState {
  readonly space: KrylovSpace;
  readonly tracker: ProjectionTracker;
  readonly witness: Witness | undefined;
  /** The probability with which this witness may fail. */
  readonly failure: number;
  /** ‖A‖ as it was known before. */
  readonly norm: number;
  /** ‖E‖, where V, T and C are those of A + E. */
  readonly rounding: number;
}

/** Cost: O((size + open)³). */
export function assess(state: SearchState, settings: LanczosSettings): Assessment {
  const { space, witness } = state;
  const { size, open, dimension } = space;
  const { count, goal } = settings;
  const ritz = ritzPairs(space);
  const norm = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values.at(-1)!), state.norm);
  const rounding = Math.max(state.rounding, roundingOf(dimension) * norm);
  const coupling = ritzResiduals(space, ritz, size);
  const residuals = open > 0 ? columnNorms(coupling, size) : new Array<number>(size).fill(0);
  const said = witness === undefined ? undefined : testimony(space, witness, state.failure);
  const isWhole = size === dimension;
  const ceilingsAt = (nu: number): Float64Array =>
    witness === undefined || nu === Infinity
      ? new Float64Array(count + 1).fill(Infinity)
      : ritzCeilings(space, witness, nu, count + 1, rounding);
  const ceilings = isWhole
    ? ritz.values.slice(0, count + 1).map((value) => value + rounding)
    : ceilingsAt(said?.ceiling ?? Infinity);
  const evidence = { ritz, coupling, residuals, ceilings, rounding };
  const presumed = { ...evidence, ceilings: ritz.values.map((value, i) => value + residuals[i]!) };
  return {
    ritz,
    coupling,
    residuals,
    norm,
    rounding,
    converged: Math.max(settings.tolerance * norm, rounding),
    testimony: said,
    ceilings,
    reachable: () => (isWhole || said === undefined ? ceilings : ceilingsAt(said.top)),
    fraction:
      goal === undefined || size <= goal.m
        ? undefined
        : {
            bounds: fractionBounds(state, settings, evidence, goal.m),
            presumed: fractionBounds(state, settings, presumed, goal.m),
            presumedInside: fractionBounds(state, settings, { ...presumed, outside: 0 }, goal.m),
          },
  };
}

/** The rounding of inner products and of products that are exact to double precision, over ‖A‖. */
export function roundingOf(dimension: number): number {
  return 10 * Math.sqrt(dimension) * Number.EPSILON;
}

/** `energyBounds` of the wanted fraction, by what is known of the pairs. */
export function fractionBounds(
  state: Pick<SearchState, 'space' | 'tracker'>,
  settings: LanczosSettings,
  known: Pick<Assessment, 'ritz' | 'coupling' | 'residuals'> & Pick<RitzEvidence, 'ceilings' | 'rounding' | 'outside'>,
  m: number,
): EnergyBounds {
  return energyBounds(ritzEvidence(state, settings, known), state.tracker.squaredNorm, m);
}

export function ritzEvidence(
  { space, tracker }: Pick<SearchState, 'space' | 'tracker'>,
  { goal }: LanczosSettings,
  { ritz, coupling, ...known }: Parameters<typeof fractionBounds>[2],
): RitzEvidence {
  return {
    ...known,
    values: ritz.values,
    coefficients: tracker.coefficients(ritz, space.size),
    directions: { coupling, open: space.open },
    gradientError: goal?.gradientError ?? 0,
  };
}
