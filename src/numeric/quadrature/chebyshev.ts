import { NumericalError } from '../../errors.js';

/** A smooth function on [low, high] as a Chebyshev series, to be evaluated and differentiated at will. */
export interface ChebyshevSeries {
  value(x: number): number;
  derivative(x: number): number;
  readonly degree: number;
  /** Largest of the last coefficients, relative to the largest of all: the size of what was cut off. */
  readonly tail: number;
}

/**
 * Interpolates several functions at once at Chebyshev's points of the second kind, doubling the intervals between them (from 32 to at most 1024)
 * until the last tenth of every series has fallen below `tolerance` relative to its largest coefficient (Trefethen,
 * Approximation Theory and Approximation Practice, 2013). Points of one round are points of the next.
 *
 * `f` returns the values of all functions at x. Throws NumericalError if 1025 points do not suffice or a value is not finite.
 * Cost: 33 to 1025 calls of f; then O(degree) per evaluation.
 */
export function chebyshevSeries(
  f: (x: number) => readonly number[],
  low: number,
  high: number,
  tolerance: number,
): ChebyshevSeries[] {
  let samples: (readonly number[])[] = [];
  for (let points = 33; ; points = 2 * points - 1) {
    const known = samples;
    samples = chebyshevNodes(points, low, high).map((x, j) => (j % 2 === 0 ? (known[j / 2] ?? f(x)) : f(x)));
    const series = samples[0]!.map((_, i) =>
      chebyshevThrough(
        samples.map((sample) => sample[i]!),
        low,
        high,
      ),
    );
    const tails = series.map(({ tail }) => tail);
    if (tails.some((tail) => !Number.isFinite(tail))) {
      throw new NumericalError(`a function to be interpolated on [${low}, ${high}] is not finite there`);
    }
    if (Math.max(...tails) <= tolerance) return series;
    if (points > 1024) {
      throw new NumericalError(
        `${points} Chebyshev points on [${low}, ${high}] leave ${Math.max(...tails).toExponential(1)}, not ${tolerance}`,
      );
    }
  }
}

/** Chebyshev's n points of the second kind on [low, high], descending from one end to the other. */
export function chebyshevNodes(n: number, low: number, high: number): number[] {
  const [middle, half] = [(low + high) / 2, (high - low) / 2];
  return Array.from({ length: n }, (_, j) => middle + half * Math.cos((j * Math.PI) / (n - 1)));
}

/** The series through the values at chebyshevNodes. Cost: O(n²), and 2n cosines. */
export function chebyshevThrough(values: readonly number[], low: number, high: number): ChebyshevSeries {
  const series = coefficients(values);
  return evaluator(series, (low + high) / 2, (high - low) / 2, relativeTail(series));
}

/** c_m = (2/N) Σ″_j f_j cos(mjπ/N), N + 1 points; the ends count half, in the sum and in the series. */
function coefficients(values: readonly number[]): Float64Array {
  const N = values.length - 1;
  const cosines = Float64Array.from({ length: 2 * N }, (_, i) => Math.cos((i * Math.PI) / N));
  return Float64Array.from(values, (_, m) => {
    let sum = (values[0]! + (m % 2 === 0 ? 1 : -1) * values[N]!) / 2;
    for (let j = 1; j < N; j++) sum += values[j]! * cosines[(m * j) % (2 * N)]!;
    return (sum * (m === 0 || m === N ? 1 : 2)) / N;
  });
}

function relativeTail(series: Float64Array): number {
  const largest = (part: Float64Array): number =>
    part.reduce((most, c) => (Math.abs(c) <= most ? most : Math.abs(c)), 0);
  const all = largest(series);
  return all === 0 ? 0 : largest(series.subarray(Math.floor(0.9 * series.length))) / all;
}

/** Clenshaw's recurrence for the series, and for that of its derivative. */
function evaluator(series: Float64Array, middle: number, half: number, tail: number): ChebyshevSeries {
  const n = series.length;
  const slopes = new Float64Array(n);
  for (let m = n - 2; m >= 0; m--) slopes[m] = (m + 2 < n ? slopes[m + 2]! : 0) + 2 * (m + 1) * series[m + 1]!;
  slopes[0]! /= 2;
  const clenshaw = (c: Float64Array, x: number): number => {
    const y = (x - middle) / half;
    let [b1, b2] = [0, 0];
    for (let m = n - 1; m > 0; m--) [b1, b2] = [2 * y * b1 - b2 + c[m]!, b1];
    return y * b1 - b2 + c[0]!;
  };
  return {
    value: (x) => clenshaw(series, x),
    derivative: (x) => clenshaw(slopes, x) / half,
    degree: n - 1,
    tail,
  };
}
