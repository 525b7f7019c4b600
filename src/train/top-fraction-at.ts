import type { Precision } from '../numeric/kernels/float-array.js';
import { energyBoundsAcross } from '../numeric/lanczos/energy-bounds.js';
import { knownTopFraction } from './known-top-fraction.js';
import type { TrainRecord } from './observables/index.js';
import type { Interval } from './observables/observable.js';

/** f_top(m) at a cut of one's own choice, as far as a record knows it. */
export interface TopFractionAt extends Interval {
  /** Of the vectors found; null where their energies were not recorded. */
  readonly estimate: number | null;
}

/**
 * f_top(m′) of a record whose own cut is m. Where the energies g_i² along the eigenvectors were recorded (`noiseNull`), by `energyBoundsAcross` from these, eigenvalues, residuals, ceilings
 * rounding and, in float32, the error of g (`gradientAngle`); everywhere by the bounds that the record has at its own cut: P_m′ ≤ P_m for m′ ≤ m, so that f_top(m′) ≤ f_top(m), and the other way round. So at its own cut it is what the record says,
 * and without energies half of each interval is open: [0, upper] below, [lower, 1] above. As certain as the bounds of the record.
 *
 * Null where m′ is not below the number of eigenvalues of the record, other than m itself: λ_{m′+1} is not known there. Cost: O(pairs²).
 */
export function topFractionAt(record: TrainRecord, own: number, m: number, precision: Precision): TopFractionAt | null {
  const known = knownTopFraction(record);
  if (m === own) return { lower: known.lower, upper: known.upper, estimate: known.middle };
  const pairs = record.eigenvalues.length;
  if (m < 1 || m >= pairs) return null;
  const nested = m < own ? { lower: 0, upper: known.upper } : { lower: known.lower, upper: 1 };
  const energies = record.noiseNull?.energies ?? null;
  if (energies === null) return { ...nested, estimate: null };
  const all = energies.top.map(({ measured }) => measured);
  const squaredNorm = all.reduce((sum, energy) => sum + energy, energies.rest.measured);
  const evidence = {
    values: record.eigenvalues,
    residuals: record.residuals,
    ceilings: record.eigenvalueCeilings.map((ceiling) => ceiling ?? Infinity),
    coefficients: all.slice(0, pairs).map((energy) => Math.sqrt(Math.max(0, energy))),
    rounding: record.rounding,
    gradientError: precision === 'f64' ? 0 : Math.sin(gradientAngle(record)),
  };
  const { lower, upper, estimate } = energyBoundsAcross(evidence, squaredNorm, m, pairs);
  const within = { lower: Math.max(lower, nested.lower), upper: Math.min(upper, nested.upper) };
  return { ...within, estimate: Math.min(within.upper, Math.max(within.lower, estimate)) };
}

/**
 * At least the angle between g and the ĝ in float32 whose energies were recorded: φ(lower) − φ(upper) of the record's own bounds, φ(f) = arccos √f. They hold for all g at that angle ε, so that
 * φ(lower) ≥ min(π/2, φ + ε) and φ(upper) ≤ max(0, φ − ε) for the φ of ĝ. π/2, with which nothing is bounded, where the record has none.
 */
function gradientAngle({ topFractionBounds: own }: TrainRecord): number {
  const angle = (share: number): number => Math.acos(Math.sqrt(Math.min(1, Math.max(0, share))));
  return own === null ? Math.PI / 2 : angle(own.lower) - angle(own.upper);
}

/**
 * Σ_{i≤m′} λ_i²/Tr H², what noise with C ∝ H has of f_top(m′): over all choices at the record's own cut m, elsewhere by Tr H², which `noiseNull` implies there. Null where that was not recorded, where λ_m and
 * λ_{m+1} cannot be told apart, or m′ is more than the eigenvalues of the record. Cost: O(pairs).
 */
export function noiseFractionAt({ noiseNull, eigenvalues }: TrainRecord, own: number, m: number): Interval | null {
  const ends = noiseNull?.spectrumOnly;
  if (ends === undefined || m === own) return ends ?? null;
  if (Math.max(own, m) > eigenvalues.length) return null;
  if (ends.lower !== ends.upper) return null;
  const squares = (count: number): number => eigenvalues.slice(0, count).reduce((sum, value) => sum + value ** 2, 0);
  const share = (ends.lower * squares(m)) / squares(own);
  return { lower: share, upper: share };
}
