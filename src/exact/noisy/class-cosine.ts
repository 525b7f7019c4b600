import { softmaxMoment, type Moment } from './moments.js';

/** The gradients of the classes, G_c = E[(p − e_c) xᵀ | y = c], each of one class alone; the gradient of the loss is their mean. */
export interface ClassCosine {
  /** ‖G_c‖², the same for every class. */
  readonly squaredNorm: number;
  /** ⟨G_c, G_c′⟩ for c ≠ c′, the same for every pair. */
  readonly product: number;
  /** Their cosine: 0 at α = 0 and without noise, −1/(k − 1) at α* = 1/σ², where the mean of the gradients is zero. */
  readonly cosine: number;
}

/**
 * Cosine between the gradients of two classes at W = αB: by Stein's lemma G_c = (E_c p − e_c) μ_cᵀ + σ²α E_c S on the means, S = diag p − p pᵀ, and nothing outside. With u = E p_1, q = E p_0p_1,
 * r = E p_1p_2 (0 the true class, 1 and 2 others) and s = q + (k−2) r, which is E_c S_aa for a ≠ c:
 *   ‖G_c‖² = k(k−1) u² − 2σ²α k(k−1) u q + σ⁴α² (k−1)((k+1) q² + s² + (k−2) r²),
 *   ⟨G_c, G_c′⟩ = −2σ²α k u s + σ⁴α² (2(k−1) q s + 2 q² + 4(k−2) q r + (k−2) s² + (k−2)(k−3) r²).
 * What a client has that holds one class alone. Throws UsageError outside the domain. Cost: some 10 ms, whatever k.
 */
export function classCosine(point: {
  readonly classes: number;
  readonly noise: number;
  readonly margin: number;
}): ClassCosine {
  const { classes: k, noise, margin } = point;
  const wrong = { power: 1 };
  const wrongMoment = softmaxMoment(point, [wrong]);
  const logUnit = wrongMoment.logSize < -340 ? wrongMoment.logSize : 0; // squares would underflow
  const inUnits = ({ value, logSize }: Moment): number => (logUnit === 0 ? value : Math.exp(logSize - logUnit));
  const u = inUnits(wrongMoment);
  const q = inUnits(softmaxMoment(point, [{ isTrue: true, power: 1 }, wrong]));
  const r = k > 2 ? inUnits(softmaxMoment(point, [wrong, wrong])) : 0;
  const s = q + (k - 2) * r;
  const a = noise ** 2 * margin;
  const squaredNorm =
    k * (k - 1) * (u ** 2 - 2 * a * u * q) + a ** 2 * (k - 1) * ((k + 1) * q ** 2 + s ** 2 + (k - 2) * r ** 2);
  const product =
    -2 * a * k * u * s +
    a ** 2 * (2 * (k - 1) * q * s + 2 * q ** 2 + 4 * (k - 2) * q * r + (k - 2) * s ** 2 + (k - 2) * (k - 3) * r ** 2);
  const unit = Math.exp(logUnit) ** 2;
  return { squaredNorm: unit * squaredNorm, product: unit * product, cosine: product / squaredNorm };
}
