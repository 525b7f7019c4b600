import { energyFraction, type EnergyFraction } from './energy-fraction.js';
import type { Snapshot } from './snapshot.js';

/**
 * f_top(m), the fraction of the gradient in the top-m eigenspace of the Hessian, with its evidence.
 *
 * `lower`, `upper`: the values it takes over all choices of m top eigenvectors; equal unless the cut goes through a
 * multiplet. `gap` = λ_m − λ_{m+1}. `null` = m / parameters, the mean for a random direction.
 */
export interface TopFraction extends EnergyFraction {
  readonly null: number;
}

/**
 * f_top(m) = ‖P_m g‖² / ‖g‖², P_m the projector on the top m eigenvectors of H (GRD18, Eq. (3) and §2), as `energyFraction` has it.
 *
 * Throws UsageError if too few eigenvalues are known (at least m + 1 are needed), NumericalError if g = 0.
 * Cost: one projection per level down to the cut.
 */
export function topFraction({ gradient, spectrum, parameters }: Snapshot, m: number): TopFraction {
  const fraction = energyFraction(spectrum, gradient, m, 'f_top is undefined: the gradient');
  return { ...fraction, null: m / parameters };
}
