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
 * of at most k terms, hence a modest multiple of k eps, and of exponentials: a logarithm L is rounded by L eps, which is the relative
 * error of e^L, and log P, which is kept as its own logarithm, by L log L eps. `largestLog` is the largest L on the way; up to 16 the
 * constant 32 holds it, beyond 16 L ≥ 2 (1 + log L) L for all L ≤ 1000.
 */
export function relativeLevelError(classes: number, largestLog = 0): number {
  return 2 * (classes + (largestLog > 16 ? 16 * largestLog : 32)) * Number.EPSILON;
}
