import type { Interval } from './observables/observable.js';

/** What a record says of f_top(m). */
export interface RecordedTopFraction {
  readonly topFraction: Interval;
  readonly topFractionBounds: (Interval & { readonly estimate?: number }) | null;
}

/**
 * f_top(m) of a measurement as it is known: bounds that allow for the residuals of the eigenvectors, for rounding and for degenerate cuts; where a
 * record has none, the values over all choices of m top eigenvectors, as exact as these are.
 */
export function knownTopFraction({ topFraction, topFractionBounds }: RecordedTopFraction): Interval & {
  readonly middle: number;
} {
  const { lower, upper } = topFractionBounds ?? topFraction;
  return { lower, middle: topFractionBounds?.estimate ?? (lower + upper) / 2, upper };
}
