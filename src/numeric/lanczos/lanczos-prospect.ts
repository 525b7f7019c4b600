import type { Pausing } from '../kernels/pausing.js';
import type { EnergyBounds } from './energy-bounds.js';
import type { Assessment } from './lanczos-assessment.js';
import type { LanczosSettings } from './lanczos-options.js';

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
  readonly isGradientInside: boolean;
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
  /** Is the last wanted eigenvalue bounded from above, and may it be by this witness; for a top fraction, the one behind the cut by half of the gap? */
  readonly isDecided: boolean;
  readonly canDecide: () => Pausing<boolean>;
}

type Pursued = Goal & NonNullable<Assessment['fraction']>;
type Goal = NonNullable<LanczosSettings['goal']>;

/** Cost: that of `assessment.reachable` where `canDecide` is asked. */
export function prospectOf(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Prospect {
  const { ritz, residuals, converged, ceilings, reachable } = assessment;
  const { count } = settings;
  const isEnough = ledger.size >= count;
  const isExhausted = ledger.followed > settings.effort * ledger.drawnAt;
  const pursued = isExhausted ? undefined : pursuedFraction(assessment, settings);
  const isBounded = (bounds: Float64Array): boolean =>
    isEnough &&
    (pursued === undefined
      ? bounds[count - 1]! <= ritz.values[count - 1]! + 4 * converged
      : ritz.values[pursued.m - 1]! - bounds[pursued.m]! >= pursued.presumed.gap / 2);
  const isDecided = isBounded(ceilings);
  const known = roughlyKnown(assessment, pursued);
  return {
    ...{ assessment, ledger, settings, pursued, isExhausted, known, isDecided },
    worst: isEnough ? Math.max(...residuals.slice(0, count)) : Infinity,
    isRough: isEnough && known >= (pursued?.m ?? count),
    *canDecide() {
      return isDecided || isBounded(yield* reachable());
    },
  };
}

/** A fraction is pursued where an accuracy is asked for, its gap can be told from what is not converged, and a residual can still be reduced. */
function pursuedFraction(
  { fraction, residuals, converged, rounding }: Assessment,
  { goal }: LanczosSettings,
): Pursued | undefined {
  if (!isAsked(goal) || fraction === undefined) return undefined;
  const isOpen = fraction.presumed.gap > converged && residuals.slice(0, goal.m + 1).some((r) => r > rounding);
  return isOpen ? { ...goal, ...fraction } : undefined;
}

/** Otherwise a fraction is only bounded. */
export const isAsked = (goal: Goal | undefined): goal is Goal => goal !== undefined && goal.accuracy > 0;

/** Are both bounds within `accuracy` of the estimate, by a gap? */
export function isWithin({ estimate, lower, upper, gap }: EnergyBounds, accuracy: number): boolean {
  return gap > 0 && upper - estimate <= accuracy && estimate - lower <= accuracy;
}

/** How many of the first pairs are known well enough to look behind them: a residual r leaves a pair's ceiling r²/(θ − ν) above it. */
function roughlyKnown({ residuals, converged }: Assessment, pursued: Pick<Pursued, 'presumed'> | undefined): number {
  const rough = pursued === undefined ? 4 * converged : 0.1 * pursued.presumed.gap;
  const first = residuals.findIndex((r) => !(r <= rough));
  return first < 0 ? residuals.length : first;
}
