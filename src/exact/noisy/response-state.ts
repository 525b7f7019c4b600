import type { Sector } from './symmetric-levels.js';

/** One sector of a deviation δ from the symmetric flow: how its gradient component follows from δ(0). */
export interface ResponseMode {
  readonly sector: Sector;
  readonly multiplicity: number;
  readonly level: number;
  /** H δ on this level is Σ_j plain_j δ_j(0) over the copies j of the sector (one, or two for standard). */
  readonly plain: readonly number[];
  /** The component of the gradient on the eigenvectors of the perturbed Hessian is Σ_j turned_j δ_j(0). */
  readonly turned: readonly number[];
}

/** The linear response at one time; what decays is given over e^logUnit. */
export interface ResponseState {
  readonly time: number;
  readonly margin: number;
  /** 0, and once gradient and deviations would all underflow, the logarithm of the slowest: their ratios are finite at all times. */
  readonly logUnit: number;
  /** ‖G‖ of the symmetric flow: the gradient's component on the trivial eigenvector. */
  readonly gradientNorm: number;
  readonly trivialLevel: number;
  readonly modes: readonly ResponseMode[];
  /** δ_s(t)/δ_s(0) of the sectors with one copy, and the 2×2 propagator of the standard one, row by row. */
  readonly decay: Readonly<Record<'symmetric' | 'antisymmetric' | 'bulk', number>>;
  readonly propagator: readonly [number, number, number, number];
}
