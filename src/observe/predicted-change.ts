import { UsageError } from '../errors.js';
import { dot } from '../numeric/kernels/orthonormalise.js';
import { cutAfter } from './multiplet.js';
import type { Snapshot } from './snapshot.js';
import { squaredNorm } from './squared-norm.js';

/** A predicted change of the loss, negative for a decrease; over all choices of m top eigenvectors. */
export interface ChangeRange {
  readonly lower: number;
  readonly upper: number;
}

/** Changes of the loss for the steps −η g_top, −η g_bulk and −η g. */
export interface PredictedChange {
  /** −η‖·‖². */
  readonly firstOrder: { readonly top: ChangeRange; readonly bulk: ChangeRange; readonly all: number };
  /** −η‖·‖² + (η²/2) (·)ᵀH(·). */
  readonly secondOrder: { readonly top: ChangeRange; readonly bulk: ChangeRange; readonly all: number };
}

/**
 * How much the loss would change along g_top = P_m g and g_bulk = (1 − P_m) g with learning rate η, to first and second order (GRD18,
 * §2, argues to first order; Song, Ahn & Yun 2024 find that it does not hold where ηλ is near 2). Top and bulk add up to
 * all: eigenspaces do not mix in gᵀHg.
 *
 * The energy ‖g_i‖² of level i adds −η‖g_i‖² (1 − ηλ_i/2) to the part it belongs to. Where the cut goes through a multiplet, each of
 * its levels may be in the top wholly, partly or not at all; ends of the ranges take what is lowest or highest of each.
 *
 * Throws UsageError if too few eigenvalues are known, which includes a multiplet at the cut that may go on below the last one.
 * Cost: one Hessian product and one projection per level down to the cut.
 */
export function predictedChange(
  { gradient, hessian, spectrum }: Pick<Snapshot, 'gradient' | 'hessian' | 'spectrum'>,
  m: number,
  learningRate: number,
): PredictedChange {
  const cut = cutAfter(spectrum, m);
  if (cut.open) {
    throw new UsageError(`the multiplet at the cut after ${m} may go on below the last eigenvalue: compute more`);
  }
  const total = squaredNorm(gradient);
  const curvature = dot(gradient, 0, hessian.apply(gradient, 1), 0, gradient.length);
  const known = Math.min(cut.straddling, spectrum.levels.length);
  const energies = Array.from({ length: known }, (_, i) => spectrum.energy(i, gradient));
  const rest = Math.max(0, total - energies.reduce((sum, energy) => sum + energy, 0));
  // Beyond the last level, where the cut reaches it, lies the null space with what is left of the gradient.
  const parts = [...energies, rest]
    .slice(0, cut.straddling)
    .map((energy, i) => ({ energy, value: spectrum.levels[i]?.value ?? 0, isSure: i < cut.above }));
  const range = (order: 1 | 2, all: number): { top: ChangeRange; bulk: ChangeRange; all: number } => {
    let [lower, upper] = [0, 0];
    for (const { energy, value, isSure } of parts) {
      const change = -learningRate * energy * (1 - (order === 2 ? (learningRate * value) / 2 : 0));
      lower += isSure ? change : Math.min(0, change);
      upper += isSure ? change : Math.max(0, change);
    }
    return { top: { lower, upper }, bulk: { lower: all - upper, upper: all - lower }, all };
  };
  const first = -learningRate * total;
  return { firstOrder: range(1, first), secondOrder: range(2, first + (learningRate ** 2 / 2) * curvature) };
}
