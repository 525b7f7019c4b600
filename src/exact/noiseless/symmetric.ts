import { wrightOmega } from '../../numeric/quadrature/wright-omega.js';
import { checkModel, checkTime } from './domain.js';
import { nonEmpty, type SectorLevel } from './sector-level.js';

/**
 * The symmetric solution W(t) = α(t) B, B = Σ_a (e_a − 1/k) μ_aᵀ, at one moment.
 *
 * `margin` α, `error` ε = 1 − p_a (probability given to the wrong classes), `loss` −log p_a, `gradientNorm` ‖G‖.
 */
export interface SymmetricPoint {
  readonly classes: number;
  readonly time: number;
  readonly margin: number;
  readonly error: number;
  readonly loss: number;
  readonly gradientNorm: number;
}

/**
 * Zero noise, W(0) = 0: e^α + (k−1) α = t + 1, solved by e^α = (k−1) ω with ω = W₀(e^u / (k−1)), u = (t+1)/(k−1).
 *
 * ω is the odds p_a / ε, so that ε = 1/(1+ω) and nothing is subtracted from 1. Relative error of α, ε, loss and ‖G‖ ≤ 1e-13
 * for t in [0, 1e12]. Source: GRD18 §4, generalised to k classes. Throws UsageError outside the domain. Cost: O(1).
 */
export function symmetricPoint(classes: number, time: number): SymmetricPoint {
  checkModel(classes);
  checkTime(time);
  const k = classes;
  const omega = wrightOmega((time + 1) / (k - 1) - Math.log(k - 1));
  return describe(k, time, polishedMargin(k, time, Math.log((k - 1) * omega)), omega);
}

/** The same point named by its margin: t = e^α − 1 + (k−1) α. */
export function symmetricPointAtMargin(classes: number, margin: number): SymmetricPoint {
  checkModel(classes);
  const k = classes;
  const time = Math.expm1(margin) + (k - 1) * margin;
  return describe(k, time, margin, Math.exp(margin) / (k - 1));
}

/** dα/dt = 1/(e^α + k − 1) = ε/(k−1). Source: gradient flow of the loss log(1 + (k−1) e^{−α}) along B. */
export function marginRate(classes: number, margin: number): number {
  return 1 / (Math.exp(margin) + classes - 1);
}

/**
 * The spectrum at the symmetric point: λ₁ = ε(1−ε)/(k−1), k-fold, which contains the gradient; λ₂ = ε/(k(k−1)),
 * k(k−2)-fold; 0, with multiplicity kd − k(k−1). λ₁/λ₂ = k(1−ε) goes from 1 at t = 0 to k. Cost: O(1).
 */
export function symmetricLevels(point: Pick<SymmetricPoint, 'classes' | 'error'>, dim: number): SectorLevel[] {
  const { classes: k, error } = point;
  checkModel(k, dim);
  return nonEmpty([
    { sector: 'gradient', value: (error * (1 - error)) / (k - 1), multiplicity: k },
    { sector: 'mini-bulk', value: error / (k * (k - 1)), multiplicity: k * (k - 2) },
    { sector: 'null', value: 0, multiplicity: k * dim - k * (k - 1) },
  ]);
}

/** log((k−1) ω) loses relative accuracy as α → 0; Newton's iteration on expm1(α) + (k−1) α = t restores it. */
function polishedMargin(k: number, time: number, margin: number): number {
  if (margin > 1) return margin;
  let alpha = time / k;
  for (let round = 0; round < 8; round++) {
    alpha -= (Math.expm1(alpha) + (k - 1) * alpha - time) / (Math.exp(alpha) + k - 1);
  }
  return alpha;
}

function describe(k: number, time: number, margin: number, omega: number): SymmetricPoint {
  const error = 1 / (1 + omega);
  return {
    classes: k,
    time,
    margin,
    error,
    loss: Math.log1p(1 / omega),
    gradientNorm: error / Math.sqrt(k - 1),
  };
}
