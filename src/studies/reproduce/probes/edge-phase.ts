import { sampleMean } from '../../../numeric/statistics/confidence-interval.js';
import {
  edgeOfNoise,
  edgeSummary,
  windowEdge,
  type EdgeSummary,
  type NoiseWindow,
  type WindowMean,
} from '../../noise/edge-of-noise.js';

/** The Gram matrix of one window of updates, and that of their parts in the top space. */
export interface MeasuredWindow {
  readonly gram: Float64Array;
  readonly top: Float64Array;
}

/** Sums of G over its diagonals: Σ_s G_{s,s+j}/W for each lag j. */
export interface Lags {
  readonly predicted: readonly number[];
  readonly measured: readonly WindowMean[];
}

/** Windows of updates against those of noise. */
export interface EdgePhase {
  /** N. */
  readonly every: number;
  readonly lags: Lags;
  readonly predicted: EdgeSummary;
  readonly measured: EdgeSummary;
}

/** Windows against what noise alone has: `expected`, the mean E G of these windows, and `noise`, what windows are drawn from. */
export function edgePhase(
  every: number,
  windows: readonly MeasuredWindow[],
  expected: Float64Array,
  noise: readonly NoiseWindow[],
  options: { readonly draws: number; readonly seed: number },
): EdgePhase {
  const w = Math.sqrt(expected.length);
  const lagsOf = windows.map(({ gram }) => lags(gram, w));
  return {
    every,
    lags: {
      predicted: lags(expected, w),
      measured: Array.from({ length: w }, (_, j) => {
        const values = lagsOf.map((of) => of[j]!);
        if (values.length === 1) return { mean: values[0]!, error: 0 };
        const { value, standardError } = sampleMean(values);
        return { mean: value, error: standardError };
      }),
    },
    predicted: edgeOfNoise(noise, w, options),
    measured: edgeSummary(windows.map(({ gram, top }) => windowEdge(gram, top, w))),
  };
}

/** G and G_top of W updates, both from inner products: `inner` of two updates and of their parts in the top space. */
export function measuredWindow(
  w: number,
  inner: (s: number, t: number) => { readonly whole: number; readonly top: number },
): MeasuredWindow {
  const [gram, top] = [new Float64Array(w * w), new Float64Array(w * w)];
  for (let s = 0; s < w; s++) {
    for (let t = s; t < w; t++) {
      const found = inner(s, t);
      gram[s * w + t] = gram[t * w + s] = found.whole;
      top[s * w + t] = top[t * w + s] = found.top;
    }
  }
  return { gram, top };
}

function lags(gram: Float64Array, w: number): number[] {
  return Array.from({ length: w }, (_, j) =>
    Array.from({ length: w - j }, (__, s) => gram[s * w + s + j]! / w).reduce((sum, x) => sum + x, 0),
  );
}
