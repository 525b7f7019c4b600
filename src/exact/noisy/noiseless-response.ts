import { marginRate, symmetricPoint } from '../noiseless/index.js';
import { checkDimensions } from './domain.js';
import type { ResponseMode, ResponseState } from './response-state.js';
import type { Sector } from './symmetric-levels.js';

/**
 * First-order response to W(0) = δ without noise, in closed form. With r = dα/dt = ε/(k−1), λ₁ = r(1−ε) and λ₂ = r/k,
 *   δ₁(t) = k r δ₁(0),   δ₂(t) = e^{−α/k} δ₂(0),   from ∫λ₁ dt = −log(k r) and ∫λ₂ dt = α/k,
 * and the gradient's component on the turned eigenvectors of λ₂ is c₂ = [λ₂ + r (dλ₂/dα)/(λ₁ − λ₂)] δ₂ = −λ₂ δ₂/(k(1−ε) − 1): the limit of
 * linearResponse for σ → 0, where trivial and standard+ are the k vectors of λ₁, and standard−, symmetric and antisymmetric the k(k−2) of
 * λ₂. Eigenvectors of λ₁ in the two standard copies: (1, √(k−2))/√(k−1).
 *
 * Times are positive: at t = 0 all levels coincide. Throws UsageError for k outside 2 … 1000 or k > d. Cost: microseconds.
 */
export function noiselessResponse(classes: number, dim: number, times: readonly number[]): ResponseState[] {
  const k = classes;
  checkDimensions(k, dim);
  return times.map((time): ResponseState => {
    const { margin, error } = symmetricPoint(k, time);
    const rate = marginRate(k, margin);
    const [first, second] = [rate * (1 - error), rate / k];
    const fades = [k * rate, Math.exp(-margin / k)] as const;
    // k(1 − ε) − 1 = (k−1)(e^α − 1)/(e^α + k − 1), which does not cancel for small α.
    const turned = -second / ((k - 1) * Math.expm1(margin) * rate);
    const [mean, difference] = [1, Math.sqrt(k - 2)].map((x) => x / Math.sqrt(k - 1)) as [number, number];
    const alike = (sector: Sector, multiplicity: number, along: readonly number[]): ResponseMode => ({
      sector,
      multiplicity,
      level: second,
      plain: along.map((x) => second * fades[1] * x),
      turned: along.map((x) => turned * fades[1] * x),
    });
    const top = (k === 2 ? [1] : [mean, difference]).map((x) => first * fades[0] * x);
    const modes: ResponseMode[] = [
      { sector: 'standard+', multiplicity: k - 1, level: first, plain: top, turned: top },
      alike('standard-', k > 2 ? k - 1 : 0, [difference, -mean]),
      alike('symmetric', k > 3 ? (k * (k - 3)) / 2 : 0, [1]),
      alike('antisymmetric', ((k - 1) * (k - 2)) / 2, [1]),
      { sector: 'bulk', multiplicity: (k - 1) * (dim - k), level: 0, plain: [0], turned: [0] },
    ];
    const mixed = (x: number, y: number): number => x * fades[0] + y * fades[1];
    return {
      time,
      margin,
      logUnit: 0,
      gradientNorm: rate * Math.sqrt(k - 1),
      trivialLevel: first,
      modes: modes.filter(({ multiplicity }) => multiplicity > 0),
      decay: { symmetric: fades[1], antisymmetric: fades[1], bulk: 1 },
      propagator: [
        mixed(mean ** 2, difference ** 2),
        mixed(mean * difference, -mean * difference),
        mixed(mean * difference, -mean * difference),
        mixed(difference ** 2, mean ** 2),
      ],
    };
  });
}
