/** ‖P_m g‖²/‖g‖² between two bounds; `gap` is the distance from the m-th Ritz value down to the bound on λ_{m+1}. */
export interface EnergyBounds {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
}

/** Ritz pairs, descending: at least m + 1 of them, or all of the space. */
export interface RitzEvidence {
  readonly values: ArrayLike<number>;
  /** ‖A y_i − θ_i y_i‖. */
  readonly residuals: ArrayLike<number>;
  /** y_i · g. */
  readonly coefficients: ArrayLike<number>;
}

/**
 * Bounds on the share of a vector g in the top-m eigenspace, ‖P_m g‖²/‖g‖², from approximate eigenpairs.
 *
 * Let Y be the first m Ritz vectors (orthonormal, YᵀAY = diag θ, residuals r_i), μ = θ_{m+1} + r_{m+1} and δ_i = θ_i − μ > 0.
 *
 * - (1 − P_m) y_i = (A₂ − θ_i)⁻¹ (1 − P_m)(A y_i − θ_i y_i), A₂ the part of A below the cut, so that its norm is at most r_i/δ_i if
 *   λ_{m+1} ≤ μ (Davis & Kahan 1970, the sin θ theorem, one vector at a time).
 * - So the unit vector u along YYᵀg = Σ c_i y_i makes an angle α with the eigenspace, sin α ≤ Σ |c_i| r_i / (δ_i ‖c‖), and any
 *   vector orthogonal to Y an angle of at most β with the complement, sin β ≤ √Σ (r_i/δ_i)².
 * - Angles obey the triangle inequality: with cos² φ = ‖YYᵀg‖²/‖g‖², cos²(φ + α) ≤ ‖P_m g‖²/‖g‖² ≤ cos²(φ − β), the angles
 *   cut off at 0 and π/2. Either side is off by at most sin 2φ sin α + sin² α: little where g lies almost inside or outside.
 *
 * It rests on λ_{m+1} ≤ μ, that is on no eigenvalue having been overlooked; the bounds are [0, 1] where some δ_i ≤ 0. Cost: O(m).
 */
export function energyBounds(
  { values, residuals, coefficients }: RitzEvidence,
  squaredNorm: number,
  m: number,
): EnergyBounds {
  let energy = 0;
  for (let i = 0; i < m; i++) energy += coefficients[i]! ** 2;
  const estimate = Math.min(1, energy / squaredNorm);
  if (m === 0 || m === values.length) return { estimate, lower: estimate, upper: estimate, gap: Infinity };
  const mu = values[m]! + residuals[m]!;
  const gap = values[m - 1]! - mu;
  if (!(gap > 0)) return { estimate, lower: 0, upper: 1, gap };
  let [along, square] = [0, 0];
  for (let i = 0; i < m; i++) {
    const sine = residuals[i]! / (values[i]! - mu);
    along += Math.abs(coefficients[i]!) * sine;
    square += sine ** 2;
  }
  const phi = Math.atan2(Math.sqrt(Math.max(0, squaredNorm - energy)), Math.sqrt(energy));
  const alpha = energy > 0 ? Math.asin(Math.min(1, along / Math.sqrt(energy))) : Math.PI / 2;
  const beta = Math.asin(Math.min(1, Math.sqrt(square)));
  return {
    estimate,
    lower: Math.cos(Math.min(Math.PI / 2, phi + alpha)) ** 2,
    upper: Math.cos(Math.max(0, phi - beta)) ** 2,
    gap,
  };
}
