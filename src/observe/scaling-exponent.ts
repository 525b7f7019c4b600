import { UsageError } from '../errors.js';

/** s ∝ N^D, fitted to logarithms. */
export interface ScalingExponent {
  readonly exponent: number;
  /** From the residuals about the line, n − 2 degrees of freedom: it holds where these scatter independently, not where the line is bent. NaN for two points. */
  readonly standardError: number;
  /** log s at N = 1. */
  readonly logAmplitude: number;
}

/**
 * D of s ∝ N^D: the slope of log s against log N by least squares, all points alike. Throws UsageError unless there are two different sizes, and sizes and values are positive.
 * Cost: O(points).
 */
export function scalingExponent(points: readonly { readonly size: number; readonly value: number }[]): ScalingExponent {
  if (points.some(({ size, value }) => !(size > 0 && value > 0 && size < Infinity && value < Infinity))) {
    throw new UsageError('a power law needs sizes and values that are positive and finite');
  }
  const [n, x, y] = [
    points.length,
    points.map(({ size }) => Math.log(size)),
    points.map(({ value }) => Math.log(value)),
  ];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [middleX, middleY] = [mean(x), mean(y)];
  const squares = x.reduce((sum, value) => sum + (value - middleX) ** 2, 0);
  if (!(squares > 0)) throw new UsageError('a power law needs values at two different sizes or more');
  const exponent = x.reduce((sum, value, i) => sum + (value - middleX) * (y[i]! - middleY), 0) / squares;
  const logAmplitude = middleY - exponent * middleX;
  const left = x.reduce((sum, value, i) => sum + (y[i]! - logAmplitude - exponent * value) ** 2, 0);
  return { exponent, standardError: n > 2 ? Math.sqrt(left / (n - 2) / squares) : NaN, logAmplitude };
}
