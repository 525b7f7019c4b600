/** A level of the exact Hessian, named by the symmetry sector it belongs to. */
export interface SectorLevel {
  readonly sector: string;
  readonly value: number;
  readonly multiplicity: number;
}

/** Sectors that are empty at this number of classes are left out. */
export function nonEmpty<L extends SectorLevel>(levels: readonly L[]): L[] {
  return levels.filter((level) => level.multiplicity > 0);
}

/**
 * Relative error that the eigenvalues of the exact model carry.
 *
 * S = diag(p) − ppᵀ is a graph Laplacian with weights p_c p_c′, vᵀSv = ½ Σ p_c p_c′ (v_c − v_c′)², so that a relative error
 * of δ in each p_c moves every eigenvalue by at most a factor (1 ± δ)² (Ostrowski). Each p_c comes out of sums and products
 * of at most k terms, hence the bound of a modest multiple of k eps.
 */
export function relativeLevelError(classes: number): number {
  return 2 * (classes + 32) * Number.EPSILON;
}
