/** Ritz pairs of one search space, descending, as far as they are there. */
export interface TiltEvidence {
  readonly values: ArrayLike<number>;
  readonly residuals: ArrayLike<number>;
  /** λ_{i+1} ≤ ceilings[i], as certain as the result is to be. */
  readonly ceilings: ArrayLike<number>;
  /** ‖E‖ where the pairs are those of A + E; default 0. */
  readonly rounding?: number;
}

/**
 * How far the span of Ritz vectors from … to − 1 is from the span of the eigenvectors it stands for: a bound on Σ sin φ_i over their
 * principal angles, and so on |Tr(Q P̂) − Tr(Q P)| for the projections P̂ and P on the two and any projection Q.
 *
 * With N = 1 − P and r_i = A y_i − θ_i y_i, (A − θ_i) N y_i = N r_i, and eigenvalues outside the span are at least
 * δ_i = min(θ_{from−1} − θ_i, θ_i − ceilings_to) away from θ_i, so that ‖N y_i‖ ≤ ‖r_i‖/δ_i (Davis & Kahan 1970, one vector at a time).
 * Σ sin φ_i is the nuclear norm of N Y, at most Σ ‖N y_i‖; P̂ − P has the eigenvalues ± sin φ_i.
 *
 * θ_{from−1} ≤ λ_{from−1} because values are Ritz values of one search space; a ceiling, unlike a residual, bounds λ_{to+1} from above.
 * Infinity where some δ_i is not positive; ceilings[to] must be there unless `to` is the dimension. Cost: O(to).
 */
export function eigenspaceTilt(
  { values, residuals, ceilings, rounding = 0 }: TiltEvidence,
  from: number,
  to: number,
): number {
  const below = to < values.length ? ceilings[to]! : -Infinity;
  const above = from > 0 ? values[from - 1]! - rounding : Infinity;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const delta = Math.min(above - values[i]!, values[i]! - below);
    if (!(delta > 0)) return Infinity;
    sum += (residuals[i]! + rounding) / delta;
  }
  return sum;
}
