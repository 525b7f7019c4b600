/** ‖P_m g‖²/‖g‖² between two bounds; `gap` is the distance from the m-th Ritz value down to the bound on λ_{m+1}. */
export interface EnergyBounds {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
}

/** What the Ritz pairs of one search space V say of a vector g: at least m + 1 of them, or all of the space. */
export interface RitzEvidence {
  /** θ_i, descending. */
  readonly values: ArrayLike<number>;
  /** ‖r_i‖, r_i = A y_i − θ_i y_i. */
  readonly residuals: ArrayLike<number>;
  /** Bounds from above, λ_{i+1} ≤ ceilings[i], up to m; as certain as the result is to be. */
  readonly ceilings: ArrayLike<number>;
  /** y_i · g. */
  readonly coefficients: ArrayLike<number>;
  /** If all pairs of V are there: r_i in an orthonormal basis, `open` coordinates each, one after the other. */
  readonly directions?: { readonly coupling: Float64Array; readonly open: number };
  /** ‖g₂‖, g₂ the part of g orthogonal to V; what the coefficients leave of ‖g‖ if left out. */
  readonly outside?: number;
  /** ‖E‖ where pairs and residuals are those of A + E, E the rounding of the products; default 0. */
  readonly rounding?: number;
  /** ‖g − ĝ‖/‖ĝ‖ where the coefficients are those of a ĝ; default 0. */
  readonly gradientError?: number;
}

/**
 * Bounds on the share of a vector g in the top-m eigenspace, ‖P_m g‖²/‖g‖², from approximate eigenpairs.
 *
 * Let Y be the first m Ritz vectors (orthonormal, YᵀAY = diag θ, residuals r_i), N = 1 − P_m, A₂ the part of A below the cut,
 * μ ≥ λ_{m+1} the ceiling there and δ_i = θ_i − μ > 0. Then (A₂ − θ_i) N y_i = N r_i makes ‖N y_i‖ ≤ s_i = ‖r_i‖/δ_i
 * (Davis & Kahan 1970, the sin θ theorem, one vector at a time). Two bounds follow, of which the narrower holds on each side.
 *
 * By angles, of first order in s:
 * - The unit vector along YYᵀg = Σ c_i y_i makes an angle α with the eigenspace, sin α ≤ a/‖c‖ with a = Σ |c_i| s_i, and any
 *   vector orthogonal to Y an angle of at most β with the complement, sin² β ≤ b² = Σ s_i².
 * - With cos² φ = ‖YYᵀg‖²/‖g‖², cos²(φ + α) ≤ ‖P_m g‖²/‖g‖² ≤ cos²(φ − β), the angles cut off at 0 and π/2.
 *
 * By orthogonality, of second order in s if g lies in V. With g = Yc + h, h = Σ_{l>m} c_l y_l + g₂ orthogonal to Y and g₂ to V:
 * - ‖P_m g‖² = ‖c‖² − ‖N Y c‖² − 2 (N Y c)·h + ‖P_m h‖², where ‖N Y c‖ ≤ a and ‖P_m h‖ ≤ b ‖h‖; and |(N Y c)·g₂| ≤ a ‖g₂‖.
 * - (A₂ − θ_i)⁻¹ N y_l = [N y_l − (A₂ − θ_i)⁻¹ N r_l]/(θ_l − θ_i), and residuals are orthogonal to V, so that with
 *   d_i = Σ_{l>m} c_l y_l/(θ_l − θ_i) and ρ_i = Σ_{l>m} c_l r_l/(θ_l − θ_i): |N y_i · Σ_{l>m} c_l y_l| ≤ b² ‖r_i‖ ‖d_i‖ + s_i ‖ρ_i‖.
 *
 * Both rest on λ_{m+1} ≤ μ and are as certain as that; they are [0, 1] where some δ_i ≤ 0. A Ritz value plus its residual is no such μ: it
 * finds some eigenvalue, not the next one. Rounding turns the eigenspace by at most asin(‖E‖/δ_m) (sin θ theorem), and an error of g turns
 * that by its asin: the angle between the two, arccos √f, moves by no more. Cost: O(m · size · open).
 */
export function energyBounds(evidence: RitzEvidence, squaredNorm: number, m: number): EnergyBounds {
  const { values, residuals, coefficients } = evidence;
  let energy = 0;
  for (let i = 0; i < m; i++) energy += coefficients[i]! ** 2;
  const estimate = Math.min(1, energy / squaredNorm);
  const { rounding = 0, gradientError = 0 } = evidence;
  if (m === 0) return { estimate, lower: 0, upper: 0, gap: Infinity };
  if (m === values.length)
    return { ...turned(estimate, estimate, Math.asin(Math.min(1, gradientError)), rounding), estimate, gap: Infinity };
  const mu = evidence.ceilings[m]!;
  const gap = values[m - 1]! - mu;
  if (!(gap > 0)) return { estimate, lower: 0, upper: 1, gap };
  const sines = Float64Array.from({ length: m }, (_, i) => residuals[i]! / (values[i]! - mu));
  const along = sines.reduce((sum, sine, i) => sum + Math.abs(coefficients[i]!) * sine, 0);
  const square = sines.reduce((sum, sine) => sum + sine ** 2, 0);
  const phi = Math.atan2(Math.sqrt(Math.max(0, squaredNorm - energy)), Math.sqrt(energy));
  const alpha = energy > 0 ? Math.asin(Math.min(1, along / Math.sqrt(energy))) : Math.PI / 2;
  const beta = Math.asin(Math.min(1, Math.sqrt(square)));
  const lower = Math.cos(Math.min(Math.PI / 2, phi + alpha)) ** 2;
  const upper = Math.cos(Math.max(0, phi - beta)) ** 2;
  const cross = crossTerm(evidence, { squaredNorm, m, sines, square });
  const rest = Math.max(0, squaredNorm - energy);
  const { least, most } = {
    least: Math.max(lower, (energy - along ** 2 - cross) / squaredNorm),
    most: Math.min(upper, (energy + square * rest + cross) / squaredNorm),
  };
  const angle = Math.asin(Math.min(1, rounding / gap)) + Math.asin(Math.min(1, gradientError));
  return { estimate, ...turned(least, most, angle, rounding), gap };
}

/** cos² of angles that differ by at most `angle` from those with a cos² between two numbers, with the rounding of sums where there is rounding. */
function turned(
  least: number,
  most: number,
  angle: number,
  rounding: number,
): { readonly lower: number; readonly upper: number } {
  if (angle === 0 && rounding === 0) return { lower: Math.max(0, least), upper: Math.min(1, most) };
  const at = (square: number): number => Math.acos(Math.sqrt(Math.min(1, Math.max(0, square))));
  const sums = 32 * Number.EPSILON;
  return {
    lower: Math.max(0, Math.cos(Math.min(Math.PI / 2, at(least) + angle)) ** 2 - sums),
    upper: Math.min(1, Math.cos(Math.max(0, at(most) - angle)) ** 2 + sums),
  };
}

/**
 * The same where the cut may be a near tie, by the cuts on either side: P_j ≤ P_m ≤ P_l for j ≤ m ≤ l, so that their bounds hold
 * too. `known` pairs count, from the first: behind the last of them eigenvalues may have been overlooked. Cost: `known` times that of one cut.
 */
export function energyBoundsAcross(
  evidence: RitzEvidence,
  squaredNorm: number,
  m: number,
  known: number,
): EnergyBounds {
  const at = energyBounds(evidence, squaredNorm, m);
  let { lower, upper } = at;
  for (let cut = 0; cut < known; cut++) {
    const other = energyBounds(evidence, squaredNorm, cut);
    if (cut < m) lower = Math.max(lower, other.lower);
    if (cut > m) upper = Math.min(upper, other.upper);
  }
  return { ...at, lower, upper };
}

/** A bound on 2 |(N Y c)·h|; Infinity where the residuals are known by their norms only. */
function crossTerm(
  evidence: RitzEvidence,
  known: { readonly squaredNorm: number; readonly m: number; readonly sines: Float64Array; readonly square: number },
): number {
  const { values, residuals, coefficients, directions } = evidence;
  if (directions === undefined) return Infinity;
  const outside = evidence.outside ?? outsideOf(coefficients, known.squaredNorm);
  const { m, sines, square } = known;
  const { coupling, open } = directions;
  let cross = 0;
  for (let i = 0; i < m; i++) {
    const rho = new Float64Array(open);
    let d = 0;
    for (let l = m; l < values.length; l++) {
      const weight = coefficients[l]! / (values[l]! - values[i]!);
      d += weight ** 2;
      for (let a = 0; a < open; a++) rho[a]! += weight * coupling[l * open + a]!;
    }
    const inside = square * residuals[i]! * Math.sqrt(d) + sines[i]! * Math.hypot(...rho);
    cross += 2 * Math.abs(coefficients[i]!) * (inside + sines[i]! * outside);
  }
  return cross;
}

/** ‖g₂‖ by Pythagoras, not below the rounding of the sums. */
function outsideOf(coefficients: ArrayLike<number>, squaredNorm: number): number {
  let rest = squaredNorm;
  for (let i = 0; i < coefficients.length; i++) rest -= coefficients[i]! ** 2;
  return Math.sqrt(Math.max(rest, coefficients.length * Number.EPSILON * squaredNorm));
}
