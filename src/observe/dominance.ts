import { energyFraction } from './energy-fraction.js';
import type { Snapshot } from './snapshot.js';
import type { Spectrum } from './spectrum.js';

/** χ_m(v), with the gap λ_m − λ_{m+1} at the cut. */
export interface Dominance {
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
}

/**
 * χ_m(v) = ‖P_m v‖/‖v‖, the share by length of any vector v (a gradient, a step, a momentum) in the top-m eigenspace
 * (Song, Ahn & Yun 2024, arXiv:2405.16002). For v = g it is √f_top(m). An interval where the cut goes through a multiplet.
 *
 * Throws UsageError if too few eigenvalues are known, NumericalError if v = 0. Cost: one projection per level down to the cut.
 */
export function dominance(spectrum: Spectrum, v: Float64Array, m: number): Dominance {
  const { lower, upper, gap } = energyFraction(spectrum, v, m, 'χ is undefined: the vector');
  return { lower: Math.sqrt(lower), upper: Math.sqrt(upper), gap };
}

/** What the top-m eigenspace of an earlier time still holds of a later gradient. */
export interface PastFraction extends Dominance {
  /** Time of the earlier snapshot. */
  readonly time: number;
}

/**
 * ‖P_m(t′) g(t)‖²/‖g(t)‖² for earlier snapshots t′: how well gradients can be compressed to a subspace that was measured before.
 * Equal to f_top(m) for t′ = t; m/dim on average for an unrelated subspace.
 *
 * Throws UsageError if too few eigenvalues are known, NumericalError if g = 0. Cost: m inner products per earlier snapshot.
 */
export function pastFractions(
  gradient: Float64Array,
  past: readonly Pick<Snapshot, 'time' | 'spectrum'>[],
  m: number,
): PastFraction[] {
  return past.map(({ time, spectrum }) => ({
    time,
    ...energyFraction(spectrum, gradient, m, 'the fraction in a past subspace is undefined: the gradient'),
  }));
}
