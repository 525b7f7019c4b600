import type { Assessment } from './lanczos-assessment.js';
import type { EnergyBounds } from './energy-bounds.js';
import type { LanczosSettings } from './lanczos-options.js';

/** What a search does next. */
export type Decision =
  /** It ends: all is known as well as it was asked for, or as the budget allows. */
  | { readonly kind: 'stop'; readonly reason: 'residual' | 'top-fraction' | 'whole-space' }
  /** Products ran out before the pairs have converged. */
  | { readonly kind: 'fail'; readonly worst: number }
  /** The rounding of products is measured. */
  | { readonly kind: 'measure-rounding' }
  /** A new witness is drawn behind the first `known` pairs: there is none, or the one there is has found something and can exclude no more. */
  | { readonly kind: 'draw-witness'; readonly known: number }
  | { readonly kind: 'follow-witness' }
  /** g itself joins the search space: with it the bounds are of second order. */
  | { readonly kind: 'add-gradient' }
  /** The residuals of some pairs, weighted, ask for products. */
  | {
      readonly kind: 'reduce-residuals';
      readonly pairs: readonly { readonly pair: number; readonly weight: number }[];
    };

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

/**
 * Pairs first, witnesses then: once the residuals of the wanted pairs are within four times the tolerance, or for a top fraction within a tenth
 * of the gap, a witness is drawn in the complement of these pairs and followed, which improves them too. Where it finds what belongs to the wanted pairs, for instance another
 * copy of a multiplet, another is drawn behind it. The products of a witness are limited by `effort` times those spent before.
 */
export function decide(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Decision {
  const decision = decideAsKnown(assessment, ledger, settings);
  if (ledger.isRoundingKnown || ledger.size < settings.count) return decision;
  // No bound without it; and residuals may be stuck in it, however many products are spent.
  const isDue = decision.kind === 'stop' || decision.kind === 'fail' || ledger.isFull;
  return isDue ? { kind: 'measure-rounding' } : decision;
}

function decideAsKnown(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Decision {
  const { ritz, residuals, converged, ceilings, reachable, testimony, fraction } = assessment;
  const { count, goal, maxProducts } = settings;
  const { size } = ledger;
  if (size === ledger.dimension) return { kind: 'stop', reason: 'whole-space' };
  const worst = size < count ? Infinity : Math.max(...residuals.slice(0, count));
  const isAsked = goal !== undefined && goal.accuracy > 0; // otherwise it is only bounded
  if (isAsked && fraction !== undefined && size >= count && isWithin(fraction.bounds, goal.accuracy)) {
    return { kind: 'stop', reason: 'top-fraction' };
  }
  const isExhausted = ledger.followed > settings.effort * ledger.drawnAt;
  const pursued =
    isAsked &&
    fraction !== undefined &&
    !isExhausted &&
    fraction.presumed.gap > converged &&
    residuals.slice(0, goal.m + 1).some((r) => r > assessment.rounding)
      ? { ...goal, ...fraction }
      : undefined;
  // Is the last wanted eigenvalue bounded from above; for a top fraction, the one behind the cut by half of the gap?
  const isBounded = (bounds: Float64Array): boolean =>
    size >= count &&
    (pursued === undefined
      ? bounds[count - 1]! <= ritz.values[count - 1]! + 4 * converged
      : ritz.values[pursued.m - 1]! - bounds[pursued.m]! >= pursued.presumed.gap / 2);
  const isDecided = isBounded(ceilings);
  if (pursued === undefined && worst <= converged && (isDecided || isExhausted)) {
    return { kind: 'stop', reason: 'residual' };
  }
  if (ledger.products >= maxProducts) {
    return worst <= converged ? { kind: 'stop', reason: 'residual' } : { kind: 'fail', worst };
  }
  const known = roughlyKnown(assessment, pursued);
  const draw = { kind: 'draw-witness', known } as const;
  if (ledger.open === 0) return draw;
  const isRough = size >= count && known >= (pursued?.m ?? count);
  if (isRough && !ledger.isRoundingKnown) return { kind: 'measure-rounding' };
  const canDecide = isDecided || isBounded(reachable());
  if (isRough && !isExhausted && !canDecide) return draw;
  if (canDecide && !isExhausted) {
    const isLacking = testimony!.directions.some((direction) => direction.some((x) => x !== 0));
    if (!isDecided && isLacking) return { kind: 'follow-witness' };
    if (pursued !== undefined && isWithin(pursued.presumed, pursued.accuracy) && isLacking) {
      return { kind: 'follow-witness' };
    }
  }
  if (pursued !== undefined && !ledger.isGradientInside && isWithin(pursued.presumedInside, pursued.accuracy)) {
    return { kind: 'add-gradient' };
  }
  const pairs =
    pursued !== undefined
      ? pursuedPairs(pursued.m, ritz.values, residuals)
      : residuals.slice(0, count + 1).flatMap((r, pair) => (r > converged ? [{ pair, weight: 1 }] : []));
  return pairs.length > 0 ? { kind: 'reduce-residuals', pairs } : draw;
}

/** Are both bounds within `accuracy` of the estimate, by a gap? */
export function isWithin({ estimate, lower, upper, gap }: EnergyBounds, accuracy: number): boolean {
  return gap > 0 && upper - estimate <= accuracy && estimate - lower <= accuracy;
}

/** How many of the first pairs are known well enough to look behind them: a residual r leaves a pair's ceiling r²/(θ − ν) above it. */
function roughlyKnown(
  { residuals, converged }: Assessment,
  pursued: { readonly presumed: EnergyBounds } | undefined,
): number {
  const rough = pursued === undefined ? 4 * converged : 0.1 * pursued.presumed.gap;
  const first = residuals.findIndex((r) => !(r <= rough));
  return first < 0 ? residuals.length : first;
}

/** Residuals count by what they contribute to the bounds on f_top(m). */
function pursuedPairs(m: number, values: Float64Array, residuals: readonly number[]) {
  return residuals.slice(0, m + 1).flatMap((r, pair) => {
    const weight = 1 / (values[Math.min(pair, m - 1)]! - values[m]!);
    return r > 0 ? [{ pair, weight }] : [];
  });
}
