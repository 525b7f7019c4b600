import { sampleMean, type Estimate } from '../../numeric/statistics/confidence-interval.js';
import type { RestNoise } from './gradient-noise.js';

/** Traces over the space outside the top, with standard errors over the probes. */
export interface RestTraces {
  /** Tr H, Tr H², Tr H³, Tr H⁴. */
  readonly hessian: readonly [Estimate, Estimate, Estimate, Estimate];
  /** Tr C, and Tr CH. */
  readonly covariance: Estimate;
  readonly covarianceHessian: Estimate;
}

/** Moments of H and C outside the top. H⁴ needs 3 products a probe, or as many as there are dimensions. */
export function restTraces(rest: RestNoise): RestTraces {
  const estimate = (weights: 'weights' | 'covariances', power: number): Estimate =>
    rest.dimension === 0
      ? { value: 0, standardError: 0, lower: 0, upper: 0 }
      : sampleMean(rest.probes.map((probe) => restTrace({ ...rest, probes: [probe] }, weights, (x) => x ** power)));
  return {
    hessian: [estimate('weights', 1), estimate('weights', 2), estimate('weights', 3), estimate('weights', 4)],
    covariance: estimate('covariances', 0),
    covarianceHessian: estimate('covariances', 1),
  };
}

/** Tr f(H) by the `weights`, Tr(C f(H)) by the `covariances`, over the space outside the top: the mean over probes. */
export function restTrace(
  { probes }: RestNoise,
  weights: 'weights' | 'covariances',
  f: (eigenvalue: number) => number,
): number {
  if (probes.length === 0) return 0;
  const sum = probes.reduce(
    (total, probe) => probe.nodes.reduce((part, x, l) => part + probe[weights][l]! * f(x), total),
    0,
  );
  return sum / probes.length;
}

/** The same space without one of its probes. */
function without({ dimension, probes }: RestNoise, left: number): RestNoise {
  return { dimension, probes: probes.filter((_, i) => i !== left) };
}

/**
 * Standard errors of functions of the space outside the top, by the jackknife over its probes (Efron & Stein 1981): s² = (P−1)/P Σ (θ_{(i)} − θ̄)². 0 where all is
 * known. Cost: P evaluations.
 */
export function jackknifeErrors(rest: RestNoise, of: (rest: RestNoise) => readonly number[]): number[] {
  const count = rest.probes.length;
  if (count === 0) return of(rest).map(() => 0);
  const left = rest.probes.map((_, i) => of(without(rest, i)));
  return left[0]!.map((_, q) => {
    const mean = left.reduce((sum, values) => sum + values[q]!, 0) / count;
    return Math.sqrt(((count - 1) / count) * left.reduce((sum, values) => sum + (values[q]! - mean) ** 2, 0));
  });
}
