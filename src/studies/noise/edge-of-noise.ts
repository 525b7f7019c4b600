import { atOnce } from '../../numeric/kernels/pausing.js';
import { randomStream } from '../../numeric/random.js';
import { sampleMean } from '../../numeric/statistics/confidence-interval.js';
import { spectralEdgeProgram } from '../../observe/spectral-edge.js';
import { drawnGram, type UpdateLevel } from '../../sgd-noise/drawn-gram.js';

/** Where the spectrum of one window of updates falls off, and how much of its directions lies in the top space. */
export interface WindowEdge {
  readonly ratio: number;
  readonly edge: number;
  readonly weightedEdge: number;
  readonly firstShare: number;
  readonly singularValues: readonly number[];
  /** ‖P_m v_j‖² for each direction v_j; 0 where σ_j is not resolved. */
  readonly topShares: readonly number[];
}

/** Of a window, from its Gram matrix and that of its updates' parts in the top space: ‖P_m v_j‖² = u_jᵀ G_top u_j/σ_j². Cost: O(W³). */
export function windowEdge(gram: Float64Array, top: Float64Array, w: number): WindowEdge {
  const { spectrum, vectors } = atOnce(spectralEdgeProgram(gram, w));
  const { ratio, edge, weightedEdge, firstShare, singularValues } = spectrum;
  const topShares = singularValues.map((sigma, j) => {
    const u = vectors.subarray(j * w, (j + 1) * w);
    const inside = u.reduce((sum, x, s) => sum + x * u.reduce((part, y, t) => part + top[s * w + t]! * y, 0), 0);
    return sigma > 0 ? Math.min(1, Math.max(0, inside / sigma ** 2)) : 0;
  });
  return { ratio, edge, weightedEdge, firstShare, singularValues, topShares };
}

/** A mean over windows with its standard error. */
export interface WindowMean {
  readonly mean: number;
  readonly error: number;
}

/** Many windows together. */
export interface EdgeSummary {
  readonly windows: number;
  /** Of ln R: R has a tail where σ_{k*+1} may be small. */
  readonly logRatio: WindowMean;
  /** The share of windows with k* = 1 … W − 1, and with the weighted one there. */
  readonly edges: readonly number[];
  readonly weightedEdges: readonly number[];
  readonly firstShare: WindowMean;
  /** σ_j over √Σσ². */
  readonly singularValues: readonly WindowMean[];
  readonly topShares: readonly WindowMean[];
}

/** Means over windows of one size, at least one; errors are their scatter, 0 for one. */
export function edgeSummary(windows: readonly WindowEdge[]): EdgeSummary {
  const [count, w] = [windows.length, windows[0]!.singularValues.length];
  const mean = (of: (window: WindowEdge) => number): WindowMean => {
    const values = windows.map(of);
    if (count === 1) return { mean: values[0]!, error: 0 };
    const { value, standardError } = sampleMean(values);
    return { mean: value, error: standardError };
  };
  const shares = (of: (window: WindowEdge) => number): number[] =>
    Array.from({ length: w - 1 }, (_, j) => windows.filter((window) => of(window) === j + 1).length / count);
  const each = (of: (window: WindowEdge, j: number) => number): WindowMean[] =>
    Array.from({ length: w }, (_, j) => mean((window) => of(window, j)));
  return {
    windows: count,
    logRatio: mean(({ ratio }) => Math.log(ratio)),
    edges: shares(({ edge }) => edge),
    weightedEdges: shares(({ weightedEdge }) => weightedEdge),
    firstShare: mean(({ firstShare }) => firstShare),
    singularValues: each(({ singularValues }, j) => singularValues[j]! / Math.hypot(...singularValues)),
    topShares: each(({ topShares }, j) => topShares[j]!),
  };
}

/** What a window of noise is made of: levels in the top space, in the rest, and the squared length of what flow adds to every update. */
export interface NoiseWindow {
  readonly top: readonly UpdateLevel[];
  readonly rest: readonly UpdateLevel[];
  readonly flow?: number;
}

/** The edge of pure noise: windows drawn from each of the given ones, `draws` in all, keyed by the seed; flow lies outside the top space. Cost: O(W³) a level and draw. */
export function edgeOfNoise(
  windows: readonly NoiseWindow[],
  w: number,
  { draws, seed }: { readonly draws: number; readonly seed: number },
): EdgeSummary {
  const stream = randomStream(seed, 'edge of noise');
  const drawn = Array.from({ length: draws }, (_, i) => {
    const { top, rest, flow = 0 } = windows[i % windows.length]!;
    const inside = drawnGram(top, w, stream);
    const outside = drawnGram(rest, w, stream);
    return windowEdge(
      outside.map((x, at) => x + inside[at]! + flow),
      inside,
      w,
    );
  });
  return edgeSummary(drawn);
}
