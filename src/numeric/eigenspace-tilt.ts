/**
 * How far the span of Ritz vectors from … to − 1 is from the span of the eigenvectors it stands for: a bound on Σ sin φ_i over their
 * principal angles, and so on |Tr(Q P̂) − Tr(Q P)| for the projections P̂ and P on the two and any projection Q.
 *
 * With N = 1 − P and r_i = A y_i − θ_i y_i, (A − θ_i) N y_i = N r_i, and eigenvalues outside the span are at least
 * δ_i = min(θ_{from−1} − θ_i, θ_i − θ_to − ‖r_to‖) away from θ_i, so that ‖N y_i‖ ≤ ‖r_i‖/δ_i (Davis & Kahan 1970, one vector at a time).
 * Σ sin φ_i is the nuclear norm of N Y, at most Σ ‖N y_i‖; P̂ − P has the eigenvalues ± sin φ_i.
 *
 * Values are descending Ritz values of one search space, so that θ_{from−1} ≤ λ_{from−1}; that λ_to ≤ θ_to + ‖r_to‖ rests on no eigenvalue
 * having been overlooked. Infinity where some δ_i is not positive; values[to] must be there unless `to` is the dimension. Cost: O(to).
 */
export function eigenspaceTilt(
  { values, residuals }: { readonly values: ArrayLike<number>; readonly residuals: ArrayLike<number> },
  from: number,
  to: number,
): number {
  const below = to < values.length ? values[to]! + residuals[to]! : -Infinity;
  const above = from > 0 ? values[from - 1]! : Infinity;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const delta = Math.min(above - values[i]!, values[i]! - below);
    if (!(delta > 0)) return Infinity;
    sum += residuals[i]! / delta;
  }
  return sum;
}
