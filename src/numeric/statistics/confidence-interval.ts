import { studentQuantile } from './student-t.js';

/** A mean with its standard error, and the interval that covers what it estimates in 95 of 100 cases. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
}

/** Two-sided 95 % point of the normal distribution. */
export const normalQuantile = 1.959963984540054;

/**
 * The mean of independent samples with Student's interval at 95 %, from 5 samples on corrected for their skewness by Hall's transformation
 * (`skewInterval`). NaN limits, and error, for fewer than two samples. Cost: O(samples).
 */
export function sampleMean(samples: readonly number[]): Estimate {
  const m = samples.length;
  const value = samples.reduce((sum, x) => sum + x, 0) / m;
  const deviation = Math.sqrt(samples.reduce((sum, x) => sum + (x - value) ** 2, 0) / (m - 1));
  const standardError = deviation / Math.sqrt(m);
  const cubes = samples.reduce((sum, x) => sum + ((x - value) / deviation) ** 3, 0);
  const skewness = m < 5 || !(deviation > 0) ? 0 : (m * cubes) / ((m - 1) * (m - 2));
  const quantile = m < 2 ? NaN : studentQuantile(0.05, m - 1);
  return skewInterval({ value, standardError, quantile, skewness: skewness / Math.sqrt(m) });
}

/**
 * The interval of a mean whose distribution is skew. With a its skewness (that of a sample over √m) and z = (mean − E)/standardError,
 * h = z + a z²/3 + a² z³/27 + a/6 is symmetric to the order 1/m (Hall 1992, J. R. Statist. Soc. B 54, 221); it grows with z, and so
 * |h| ≤ quantile is the interval mean − standardError · z(±quantile), z(h) = 3 ((1 + a (h − a/6))^⅓ − 1)/a.
 */
export function skewInterval(known: {
  readonly value: number;
  readonly standardError: number;
  readonly quantile: number;
  readonly skewness: number;
}): Estimate {
  const { value, standardError, quantile, skewness: a } = known;
  // Below that the difference from z = h is less than rounding of the cube root.
  const z = (h: number): number => (Math.abs(a) < 1e-6 ? h : (3 * (Math.cbrt(1 + a * (h - a / 6)) - 1)) / a);
  return {
    value,
    standardError,
    lower: value - standardError * z(quantile),
    upper: value - standardError * z(-quantile),
  };
}
