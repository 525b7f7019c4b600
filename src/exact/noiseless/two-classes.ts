/**
 * GRD18's example: k = 2, orthonormal means, vanishing noise, late times. `time` is their ηt. Matrices act on the k×k
 * coordinates of the mean space, entry (class c, mean a) at `c * 2 + a`, so that θ_c = Σ_a W[c, a] μ_a.
 */

/**
 * Eq. (6): θ₁ = θ̃₁ + (μ₁/2) log(ηt + c₁) − (μ₂/2) log(ηt + c₂), θ₂ with the opposite sign, up to O(log t / t).
 *
 * θ̃ is the part of θ(0) that does not move. With u = w_a − w_c the exact flow is u′ = 1/(1 + e^u), so e^u + u = ηt + c_a with
 * c_a = e^{u(0)} + u(0), which fixes the constants the paper leaves open.
 */
export function lateTimeWeights(time: number, initial: Float64Array): Float64Array {
  const weights = new Float64Array(4);
  for (let a = 0; a < 2; a++) {
    const other = 1 - a;
    const u = initial[a * 2 + a]! - initial[other * 2 + a]!;
    const centre = (initial[a * 2 + a]! + initial[other * 2 + a]!) / 2;
    const half = Math.log(time + Math.exp(u) + u) / 2;
    weights[a * 2 + a] = centre + half;
    weights[other * 2 + a] = centre - half;
  }
  return weights;
}

/** The gradient that Eq. (6) implies: g_θ1 = (μ₂ − μ₁)/(2ηt) = −g_θ2. The exact solution confirms this one. */
export function lateTimeGradient(time: number): Float64Array {
  const g = 1 / (2 * time);
  return Float64Array.of(-g, g, g, -g);
}

/** Eq. (7) as printed, g_θ1 = 2(μ₂ − μ₁)/(ηt): four times what Eq. (6) implies. Kept so that it can be refuted. */
export function printedGradient(time: number): Float64Array {
  const g = 2 / time;
  return Float64Array.of(-g, g, g, -g);
}

/** Eq. (8): H = (1/(2ηt)) [[1, −1], [−1, 1]] ⊗ (μ₁μ₁ᵀ + μ₂μ₂ᵀ), 4×4, row after row. Its eigenvalues are 1/(ηt), 1/(ηt), 0, 0. */
export function lateTimeHessian(time: number): Float64Array {
  const h = 1 / (2 * time);
  return Float64Array.of(h, 0, -h, 0, 0, h, 0, -h, -h, 0, h, 0, 0, -h, 0, h);
}
