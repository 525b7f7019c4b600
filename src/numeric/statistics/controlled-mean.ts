/** A mean over replicas, its standard error, and the degrees of freedom that are left for Student's t. */
export interface ControlledMean {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * The mean of y over R replicas, given control variates c_1 … c_p of expectation zero that were measured on the same replicas (Lavenberg &
 * Welch 1981): the intercept of the least-squares fit of y on the controls,
 *   ȳ − βᵀc̄,  of variance s² (1/R + c̄ᵀ S⁻¹ c̄),  S = Σ_r (c_r − c̄)(c_r − c̄)ᵀ,
 * with s² the residual variance on R − 1 − p degrees of freedom. (mean − E y)/standardError is exactly Student's t where y and c are jointly
 * normal, whatever they have to do with one another; without controls it is the usual mean. Controls that are combinations of earlier ones add nothing and
 * cost no degree of freedom.
 *
 * `controls`: one array of R values each, R ≥ p + 2. Cost: O(R p²) once, O(R p) for each y.
 */
export function controlledMean(controls: readonly (readonly number[])[]): (y: readonly number[]) => ControlledMean {
  // S = QUUᵀQᵀ by Gram–Schmidt: orthonormal columns q of the centred controls, and what the means c̄ become in them.
  const basis: { readonly q: readonly number[]; readonly mean: number }[] = [];
  for (const control of controls) {
    let [mean, rest] = centred(control);
    const size = norm(rest);
    for (let pass = 0; pass < 2; pass++) {
      for (const { q, mean: before } of basis) {
        const along = inner(q, rest);
        mean -= along * before;
        rest = rest.map((x, r) => x - along * q[r]!);
      }
    }
    const left = norm(rest);
    if (!(left > 1e-10 * size)) continue;
    basis.push({ q: rest.map((x) => x / left), mean: mean / left });
  }
  return (y) => {
    const R = y.length;
    let [mean, rest] = centred(y);
    let spread = 1 / R;
    for (const { q, mean: off } of basis) {
      const along = inner(q, rest);
      mean -= along * off;
      rest = rest.map((x, r) => x - along * q[r]!);
      spread += off ** 2;
    }
    const degreesOfFreedom = R - 1 - basis.length;
    return { mean, standardError: norm(rest) * Math.sqrt(spread / degreesOfFreedom), degreesOfFreedom };
  };
}

function centred(values: readonly number[]): [mean: number, rest: readonly number[]] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return [mean, values.map((x) => x - mean)];
}

function inner(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}

function norm(x: readonly number[]): number {
  return Math.sqrt(inner(x, x));
}
