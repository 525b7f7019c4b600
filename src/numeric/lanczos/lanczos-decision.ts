import type { Pausing } from '../kernels/pausing.js';
import type { Assessment } from './lanczos-assessment.js';
import { isAsked, type LanczosSettings } from './lanczos-options.js';
import { isWithin, prospectOf, type Ledger, type Prospect } from './lanczos-prospect.js';

/** What a search does next. */
export type Decision =
  | End
  | Step
  /** The rounding of products is measured: no bound without it; and residuals may be stuck in it, however many products are spent. */
  | { readonly kind: 'measure-rounding' };

export type End =
  /** All is known as well as it was asked for, or as the budget allows. */
  | { readonly kind: 'stop'; readonly reason: 'residual' | 'top-fraction' | 'whole-space' }
  /** Products ran out before the pairs have converged. */
  | { readonly kind: 'fail'; readonly worst: number };

/** What is multiplied next. */
export type Step =
  /** A new witness is drawn behind the first `known` pairs: there is none, or the one there is has found something and can exclude no more. */
  | { readonly kind: 'draw-witness'; readonly known: number }
  | { readonly kind: 'follow-witness' }
  /** Lanczos of g goes on, of which the bounds on its top fraction are made. */
  | { readonly kind: 'follow-gradient' }
  /** The residuals of some pairs, weighted, ask for products. */
  | {
      readonly kind: 'reduce-residuals';
      readonly pairs: readonly { readonly pair: number; readonly weight: number }[];
    };

/**
 * Pairs first, witnesses then: once the residuals of the wanted pairs are within four times the tolerance, a witness is drawn in the complement of
 * these pairs and followed, which improves them too; for a top fraction once that would be known if nothing had been overlooked, in the complement of
 * all of V. Where it finds what belongs to the wanted pairs, for instance another
 * copy of a multiplet, another is drawn behind it. The products of a witness are limited by `effort` times those spent before.
 */
export function* decide(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Pausing<Decision> {
  const prospect = prospectOf(assessment, ledger, settings);
  const ended = end(prospect);
  // A top fraction may be known before V has much of the pairs: then at the end.
  const isRough = prospect.pursued === undefined && prospect.isRough;
  const isDue = ended !== undefined || ledger.isFull || (ledger.open > 0 && isRough);
  if (isDue && !ledger.isRoundingKnown && ledger.size >= settings.count) return { kind: 'measure-rounding' };
  return ended ?? (yield* nextStep(prospect));
}

/** The same where the rounding is known. */
export function* decideAsKnown(assessment: Assessment, ledger: Ledger, settings: LanczosSettings): Pausing<End | Step> {
  const prospect = prospectOf(assessment, ledger, settings);
  return end(prospect) ?? (yield* nextStep(prospect));
}

function end({ assessment, ledger, settings, worst, pursued, isDecided, isExhausted }: Prospect): End | undefined {
  const { fraction, converged } = assessment;
  const { goal } = settings;
  if (ledger.size === ledger.dimension) return { kind: 'stop', reason: 'whole-space' };
  const isCertain = isAsked(goal) && fraction !== undefined && isWithin(fraction.bounds, goal.accuracy);
  if (isCertain && ledger.size >= settings.count) return { kind: 'stop', reason: 'top-fraction' };
  const hasConverged = worst <= converged;
  if (hasConverged && pursued === undefined && (isDecided || isExhausted)) return { kind: 'stop', reason: 'residual' };
  if (ledger.products < settings.maxProducts) return undefined;
  return hasConverged ? { kind: 'stop', reason: 'residual' } : { kind: 'fail', worst };
}

function* nextStep(prospect: Prospect): Pausing<Step> {
  const draw = { kind: 'draw-witness', known: prospect.known } as const;
  if (prospect.ledger.open === 0) return draw;
  return (yield* witnessStep(prospect, draw)) ?? pairStep(prospect) ?? draw;
}

/** A witness that can decide is followed as long as that says anything; where it cannot, another is drawn. */
function* witnessStep(
  { assessment, pursued, isRough, isExhausted, isDecided, canDecide }: Prospect,
  draw: Step,
): Pausing<Step | undefined> {
  if (!(yield* canDecide())) return isRough && !isExhausted ? draw : undefined;
  if (isExhausted) return undefined;
  const isOpen = pursued === undefined ? !isDecided : isRough;
  const isLacking = assessment.testimony!.directions.some((direction) => direction.some((x) => x !== 0));
  return isOpen && isLacking ? { kind: 'follow-witness' } : undefined;
}

/** What brings the pairs on, or the fraction that is pursued. */
function pairStep({ assessment, settings, pursued }: Prospect): Step | undefined {
  const { ritz, residuals, converged } = assessment;
  if (pursued?.direction !== undefined) return { kind: 'follow-gradient' };
  const pairs =
    pursued !== undefined
      ? pursuedPairs(pursued.m, ritz.values, residuals, converged)
      : residuals.slice(0, settings.wanted + 1).flatMap((r, pair) => (r > converged ? [{ pair, weight: 1 }] : []));
  return pairs.length > 0 ? { kind: 'reduce-residuals', pairs } : undefined;
}

/** Residuals count by what they contribute to the bounds on f_top(m); equal Ritz values, as those of a multiplet, are apart by what cannot be told. */
function pursuedPairs(m: number, values: Float64Array, residuals: readonly number[], converged: number) {
  return residuals.slice(0, m + 1).flatMap((r, pair) => {
    const weight = 1 / Math.max(values[Math.min(pair, m - 1)]! - values[m]!, converged);
    return r > 0 ? [{ pair, weight }] : [];
  });
}
