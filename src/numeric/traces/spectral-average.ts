import { UsageError } from '../../errors.js';
import { normalQuantile, sampleMean, skewInterval, type Estimate } from '../statistics/confidence-interval.js';
import type { SpectralQuadrature } from './stochastic-lanczos-quadrature.js';

/**
 * (1/n) tr f(A) for any f: the mean over the probes, with Student's interval from their spread, corrected for its skewness. Few probes of a spectrum that one
 * eigenvalue rules tell little of their own spread: measured over spectra from flat to that, 9 probes miss in 5 to 8 cases of 100 instead of 5, and 20 in 5 to 6.
 * For moments `spectralMoment` knows more.
 */
export function spectralAverage({ probes }: SpectralQuadrature, f: (x: number) => number): Estimate {
  return sampleMean(probes.map(({ nodes, weights }) => nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0)));
}

/**
 * The moment μ_p = (1/n) tr A^p. The law of vᵀA^p v, v uniform on the sphere, is that of the spectrum: with f = λ^p − μ_p its
 * variance is 2⟨f²⟩/(n + 2) and its third central moment 8⟨f³⟩/((n + 2)(n + 4)), ⟨·⟩ the mean over eigenvalues. Both are averages over the same
 * probes, which tell them better than the spread of a few values does, and exact where 3p ≤ 2 · steps − 1. The interval is the normal one, corrected for that
 * skewness.
 *
 * Throws UsageError unless p is a positive integer with 3p ≤ 2 · steps − 1, or the rules are exhausted and exact. Cost: O(nodes).
 */
export function spectralMoment({ dimension: n, steps, probes }: SpectralQuadrature, power: number): Estimate {
  const longest = Math.max(...probes.map(({ nodes }) => nodes.length));
  if (!Number.isInteger(power) || power < 1 || (longest === steps && steps < n && 3 * power > 2 * steps - 1)) {
    throw new UsageError(
      `a moment must be a positive integer of at most (2 · steps − 1)/3 = ${Math.floor((2 * steps - 1) / 3)}, received ${power}; use more steps, or spectralAverage`,
    );
  }
  const m = probes.length;
  const average = (f: (x: number) => number): number =>
    probes.reduce((sum, { nodes, weights }) => nodes.reduce((part, x, i) => part + weights[i]! * f(x), sum), 0) / m;
  const value = average((x) => x ** power);
  const deviation = Math.sqrt(average((x) => (x ** power - value) ** 2)); // over eigenvalues
  const standardError = deviation * Math.sqrt(2 / ((n + 2) * m));
  const third = deviation > 0 ? average((x) => ((x ** power - value) / deviation) ** 3) : 0;
  const skewness = (Math.sqrt(8 * (n + 2)) * third) / ((n + 4) * Math.sqrt(m));
  return skewInterval({ value, standardError, quantile: normalQuantile, skewness });
}

/** The fraction of eigenvalues up to x, with the step at each node taken whole. */
export function cumulativeDensity(quadrature: SpectralQuadrature, x: number): Estimate {
  return spectralAverage(quadrature, (node) => (node <= x ? 1 : 0));
}

/**
 * The density of eigenvalues on a grid, each node replaced by a Gaussian of standard deviation `width`:
 * φ(x) = (1/n) Σ_i exp(−(x − λ_i)²/2w²)/(w√2π), with an interval that does not go below 0. Throws UsageError if the width is not positive.
 */
export function spectralDensity(quadrature: SpectralQuadrature, grid: readonly number[], width: number): Estimate[] {
  if (!(width > 0)) throw new UsageError(`width must be positive, received ${width}`);
  const height = 1 / (width * Math.sqrt(2 * Math.PI));
  return grid.map((x) => {
    const estimate = spectralAverage(quadrature, (node) => height * Math.exp(-(((x - node) / width) ** 2) / 2));
    return { ...estimate, lower: Math.max(0, estimate.lower), upper: Math.max(0, estimate.upper) };
  });
}
