import { NumericalError } from '../errors.js';
import { cutAfter } from './multiplet.js';
import type { Snapshot } from './snapshot.js';
import { squaredNorm } from './squared-norm.js';

/**
 * f_top(m), the fraction of the gradient in the top-m eigenspace of the Hessian, with its evidence.
 *
 * `lower`, `upper`: the values it takes over all choices of m top eigenvectors; equal unless the cut goes through a
 * multiplet. `gap` = λ_m − λ_{m+1}. `null` = m / parameters, the mean for a random direction.
 */
export interface TopFraction {
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
  readonly null: number;
}

/**
 * f_top(m) = ‖P_m g‖² / ‖g‖², P_m the projector on the top m eigenvectors of H (GRD18, Eq. (3) and §2).
 *
 * If λ_m and λ_{m+1} cannot be told apart, P_m is not unique: of the multiplet M at the cut any j of its n > j dimensions may
 * be chosen, and f_top ranges over [F, F + ‖g_M‖²/‖g‖²], F the part surely above. Where the multiplet may go on beyond the
 * last computed eigenvalue, upper = 1.
 *
 * Throws UsageError if too few eigenvalues are known (at least m + 1 are needed), NumericalError if g = 0.
 * Cost: one projection per level down to the cut.
 */
export function topFraction(snapshot: Snapshot, m: number): TopFraction {
  const { gradient, spectrum, parameters } = snapshot;
  const total = squaredNorm(gradient);
  if (!(total > 0)) throw new NumericalError('f_top is undefined: the gradient is zero (or not a number)');
  const cut = cutAfter(spectrum, m);
  const energies = (from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += spectrum.energy(i, gradient);
    return sum;
  };
  const above = cut.above > spectrum.levels.length ? total : energies(0, cut.above); // m = dimension: all of it
  // The null space, where it takes part, is the last level and holds what is left of the gradient.
  const takesTheRest = cut.open || cut.straddling > spectrum.levels.length;
  const straddling = takesTheRest ? total - above : energies(cut.above, cut.straddling);
  const clamp = (fraction: number): number => Math.min(1, Math.max(0, fraction));
  return {
    lower: clamp(above / total),
    upper: clamp((above + straddling) / total),
    gap: cut.gap,
    null: m / parameters,
  };
}
