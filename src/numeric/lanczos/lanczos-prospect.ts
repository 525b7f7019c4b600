import type { Pausing } from '../kernels/pausing.js';
import type { EnergyBounds } from './energy-bounds.js';
import type { Assessment } from './lanczos-assessment.js';
import { isAsked, type LanczosSettings } from './lanczos-options.js';

/** What has been spent, and what has been done. */
export interface Ledger {
  readonly dimension: number;
  readonly size: number;
  readonly open: number;
  /** Does the search start anew from its Ritz vectors before it goes on? */
  readonly isFull: boolean;
  readonly products: number;
  /** Products that had been spent when this witness was drawn, and those spent on following it when it makes another step. */
  readonly drawnAt: number;
  readonly followed: number;
  readonly isRoundingKnown: boolean;
}

/** What a decision is made of. */
export interface Prospect {
  readonly assessment: Assessment;
  readonly ledger: Ledger;
  readonly settings: LanczosSettings;
  /** The largest residual of the wanted pairs. */
  readonly worst: number;
  /** The top fraction that products are spent on, if it may still come to its accuracy. */
  readonly pursued: Pursued | undefined;
  /** Have the products of the witness been spent? */
  readonly isExhausted: boolean;
  /** Pairs that are known well enough to look behind them, and whether all that matter are. */
  readonly known: number;
  readonly isRough: boolean;
  /** Is the last wanted eigenvalue bounded from above, and may it be by this witness; for a top fraction, that within its accuracy? */
  readonly isDecided: boolean;
  readonly canDecide: () => Pausing<boolean>;
}

type Pursued = Goal & NonNullable<Assessment['fraction']>;
type Goal = NonNullable<LanczosSettings['goal']>;

/** Cost: that of `assessment.reachable` where `canDecide` is asked. */
export function prospectOf(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Prospect {
  const { ritz, residuals, converged, ceilings, reachable } = assessment;
  const { count, wanted } = settings;
  const isEnough = ledger.size >= count;
  const isExhausted = ledger.followed > settings.effort * ledger.drawnAt;
  const worst = isEnough ? Math.max(...residuals.slice(0, wanted)) : Infinity;
  const pursued = isExhausted ? undefined : pursuedFraction(assessment, settings, worst);
  const isBounded = (bounds: Float64Array): boolean =>
    isEnough &&
    (pursued === undefined
      ? bounds[wanted - 1]! <= ritz.values[wanted - 1]! + 4 * converged
      : isWithin(pursued.given(bounds), pursued.accuracy));
  const isDecided =
    pursued === undefined ? isBounded(ceilings) : isEnough && isWithin(pursued.bounds, pursued.accuracy);
  const known = pursued === undefined ? roughlyKnown(assessment) : ledger.size;
  return {
    ...{ assessment, ledger, settings, pursued, isExhausted, known, isDecided, worst },
    isRough: isEnough && (pursued === undefined ? known >= wanted : isWithin(pursued.presumed, pursued.accuracy)),
    *canDecide() {
      return isDecided || isBounded(yield* reachable());
    },
  };
}

/** A fraction is pursued where an accuracy is asked for, until all pairs have converged and its gap cannot be told from that, or no residual can be reduced. */
function pursuedFraction(
  { fraction, residuals, converged, rounding }: Assessment,
  { goal }: LanczosSettings,
  worst: number,
): Pursued | undefined {
  if (!isAsked(goal) || fraction === undefined) return undefined;
  const isGapOpen = worst > converged || fraction.presumed.gap > converged;
  const isOpen = isGapOpen && residuals.slice(0, goal.m + 1).some((r) => r > rounding);
  return isOpen ? { ...goal, ...fraction } : undefined;
}

/** Is some number within `accuracy` of both bounds? */
export function isWithin({ lower, upper }: EnergyBounds, accuracy: number): boolean {
  return upper - lower <= 2 * accuracy;
}

/** How many of the first pairs are known well enough to look behind them: a residual r leaves a pair's ceiling r²/(θ − ν) above it. */
function roughlyKnown({ residuals, converged }: Assessment): number {
  const first = residuals.findIndex((r) => !(r <= 4 * converged));
  return first < 0 ? residuals.length : first;
}
