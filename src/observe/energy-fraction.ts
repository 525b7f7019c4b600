import { NumericalError } from '../errors.js';
import { unitScaled } from '../numeric/kernels/unit-scale.js';
import { cutAfter } from './multiplet.js';
import type { Spectrum } from './spectrum.js';
import { squaredNorm } from './squared-norm.js';

/** ‖P_m x‖²/‖x‖² over all choices of m top eigenvectors, and the gap λ_m − λ_{m+1}. */
export interface EnergyFraction {
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
}

/**
 * ‖P_m x‖²/‖x‖² for the projector P_m on the top m eigenvectors of a spectrum, whichever vector x is.
 *
 * If λ_m and λ_{m+1} cannot be told apart, P_m is not unique: of the multiplet M at the cut any j of its n > j dimensions may
 * be chosen, and the fraction ranges over [F, F + ‖x_M‖²/‖x‖²], F the part surely above. Where the multiplet may go on beyond the
 * last computed eigenvalue, upper = 1. Where the spaces themselves are known only to an angle φ (`tilt`), a fraction cos²θ is one of
 * cos²(θ ± φ), but no less than at a smaller cut and no more than at a larger one; ends are not moved for less than 1e-9.
 *
 * x is scaled before it is squared, so that gradients of 1e-200 have a fraction too. Throws UsageError if too few eigenvalues are
 * known (at least m + 1 are needed), NumericalError if x = 0, which is `named`, or if the eigenvectors are not orthonormal, so that a
 * share is outside [0, 1].
 * Cost: one projection per level down to the cut.
 */
export function energyFraction(spectrum: Spectrum, vector: Float64Array, m: number, named: string): EnergyFraction {
  const x = unitScaled(vector);
  const total = squaredNorm(x);
  if (!(total > 0)) throw new NumericalError(`${named} is zero (or not a number)`);
  const cut = cutAfter(spectrum, m);
  const energies = (from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += spectrum.energy(i, x);
    return sum;
  };
  const above = cut.above > spectrum.levels.length ? total : energies(0, cut.above); // m = dimension: all of it
  // The null space, where it takes part, is the last level and holds what is left of x.
  const takesTheRest = cut.open || cut.straddling > spectrum.levels.length;
  const straddling = takesTheRest ? total - above : energies(cut.above, cut.straddling);
  const ends = { lower: share(above / total, named), upper: share((above + straddling) / total, named) };
  if (spectrum.tilt === undefined) return { ...ends, gap: cut.gap };
  const tilt = (count: number): number => spectrum.tilt!(count);
  // What a smaller cut surely holds, a larger one holds as well.
  const at = (count: number): number => share(energies(0, count) / total, named);
  let lower = turned(ends.lower, -tilt(cut.above));
  for (let i = cut.above - 1; lower < ends.lower && i > 0; i--) lower = Math.max(lower, turned(at(i), -tilt(i)));
  let upper = turned(ends.upper, tilt(cut.straddling));
  for (let i = cut.straddling + 1; upper > ends.upper && i < spectrum.levels.length; i++)
    upper = Math.min(upper, turned(at(i), tilt(i)));
  return { lower, upper: Math.max(upper, ends.upper), gap: cut.gap };
}

/** Orthonormal vectors that come from a search are so to about 1e-12; single precision files keep 1e-7. */
const orthonormal = 1e-6;

/** A fraction in [0, 1], rounding taken off. */
function share(fraction: number, named: string): number {
  if (!(fraction >= -orthonormal && fraction <= 1 + orthonormal)) {
    throw new NumericalError(
      `${named} has the share ${fraction} in the top eigenvectors, which must lie in [0, 1]: they are not orthonormal`,
    );
  }
  return Math.min(1, Math.max(0, fraction));
}

/** Below it a change of a fraction is not worth telling. */
const untold = 1e-9;

/** cos²(θ ∓ φ) for cos²θ = fraction and sin φ = |tilt|: nearer for a positive tilt, farther for a negative one. */
function turned(fraction: number, tilt: number): number {
  const theta = Math.atan2(Math.sqrt(1 - fraction), Math.sqrt(fraction));
  const angle = theta - Math.sign(tilt) * Math.asin(Math.min(1, Math.abs(tilt)));
  const moved = Math.cos(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2;
  return Math.abs(moved - fraction) > untold ? moved : fraction;
}
