import { UsageError } from '../../errors.js';
import { norm } from '../../numeric/kernels/norm.js';
import { blockLanczosAsync } from '../../numeric/lanczos/block-lanczos.js';
import { randomStream } from '../../numeric/random.js';
import { sampleMean, type Estimate } from '../../numeric/statistics/confidence-interval.js';
import { hutchPlusPlusAsync } from '../../numeric/traces/hutch-plus-plus.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { knownTopFraction } from '../../train/known-top-fraction.js';
import { hasAccuracy } from '../../train/network-spec.js';
import type { TrainConfig } from '../../train/train-config.js';
import { fractionOf, gradientAtWeights } from './gradient-at-weights.js';
import { memorySearch } from './memory-search.js';
import { problemAtWeights, type ProblemAtWeights } from './problem-at-weights.js';
import type { SpectrumOptions } from './spectrum-document.js';
import { topSearch, wantedPairs } from './top-search.js';

/** Which subsets, and what is measured of each. */
export interface SubsetOptions extends Pick<
  SpectrumOptions,
  | 'checkpoint'
  | 'config'
  | 'initFrom'
  | 'initMap'
  | 'subspace'
  | 'curvature'
  | 'top'
  | 'tolerance'
  | 'basis'
  | 'traceProducts'
  | 'seed'
  | 'signal'
  | 'onProgress'
> {
  /** K, at least 2: how many. */
  readonly subsets: number;
  /** S: samples of each; no two share one. */
  readonly samples: number;
}

/** The spectrum of one subset. */
export interface SubsetSpectrum {
  readonly loss: number;
  readonly accuracy: number | null;
  readonly gradientNorm: number;
  readonly eigenvalues: readonly number[];
  /** f_top(m) as it is known; null where the gradient is zero. */
  readonly topFraction: { readonly lower: number; readonly middle: number; readonly upper: number } | null;
  readonly overlapGradientHessianGradient: number | null;
  readonly trace: number | null;
}

/** The document of `spectrum --subsets --json`. */
export interface SubsetDocument {
  readonly checkpoint: string | null;
  readonly step: number;
  readonly config: TrainConfig;
  readonly curvature: SpectrumOptions['curvature'];
  readonly dimension: number;
  /** m. */
  readonly subspace: number;
  /** Samples there are, and of each subset. */
  readonly samples: { readonly all: number; readonly each: number };
  /** Means over subsets with their standard errors, the deviation between them over √K. */
  readonly means: {
    readonly loss: Estimate;
    readonly accuracy: Estimate | null;
    readonly gradientNorm: Estimate;
    readonly eigenvalues: readonly Estimate[];
    readonly topFraction: Estimate | null;
    readonly overlapGradientHessianGradient: Estimate | null;
    readonly trace: Estimate | null;
  };
  /** Σ_k ‖g_k − ḡ‖²/(K − 1) over the mean ‖g_k‖², ḡ the mean gradient: what of the squared gradient of a subset is sampling noise. */
  readonly noiseShare: number;
  readonly subsets: readonly SubsetSpectrum[];
  readonly modelNotes?: readonly string[];
}

/**
 * Spectra of K disjoint random subsets of S samples each, for data too large for all of them. The mean of λ₁ over subsets is not below λ₁ of all data but for its error: λ_max is convex, so that
 * E λ_max(H_S) ≥ λ_max(E H_S), and likewise for the sum of the m largest; the trace is not biased. The gradient of a subset is that of all data and sampling noise of covariance C/S beside it,
 * whose share is measured between subsets. Throws UsageError where there are fewer than K S samples, or for the plain backend.
 */
export async function subsetSpectra(options: SubsetOptions, runtime?: Runtime): Promise<SubsetDocument> {
  const { checkpoint, curvature, subsets: count, samples: each, seed, signal, onProgress } = options;
  const at = await problemAtWeights(options, runtime, {
    search: (sizes) => memorySearch(options, sizes),
    ...(signal && { signal }),
  });
  const { problem, step, subspace } = at;
  try {
    const { run, samples: all } = problem;
    const subsets: SubsetSpectrum[] = [];
    const gradient = new Float64Array(problem.objective.layout.size);
    let squares = 0;
    for (const rows of disjointSubsets(all, count, each, seed)) {
      const one = await spectrumOf(at, rows, options);
      one.gradient.forEach((entry, i) => (gradient[i]! += entry / count));
      squares += norm(one.gradient) ** 2 / count;
      subsets.push(one.spectrum);
      onProgress?.(`subset ${subsets.length}`);
    }
    const mean = (of: (subset: SubsetSpectrum) => number | null | undefined): Estimate | null =>
      meanOver(subsets.map(of));
    return {
      checkpoint: checkpoint ?? null,
      step,
      config: run.config,
      curvature,
      dimension: gradient.length,
      subspace,
      samples: { all, each },
      means: {
        loss: mean(({ loss }) => loss)!,
        accuracy: mean(({ accuracy }) => accuracy),
        gradientNorm: mean(({ gradientNorm }) => gradientNorm)!,
        eigenvalues: subsets[0]!.eigenvalues.map((_, i) => mean(({ eigenvalues }) => eigenvalues[i])!),
        topFraction: mean(({ topFraction }) => topFraction?.middle),
        overlapGradientHessianGradient: mean(({ overlapGradientHessianGradient: overlap }) => overlap),
        trace: mean(({ trace }) => trace),
      },
      noiseShare: squares > 0 ? Math.max(0, ((squares - norm(gradient) ** 2) * count) / (count - 1) / squares) : 0,
      subsets,
      ...(run.modelNotes && { modelNotes: run.modelNotes }),
    };
  } finally {
    await problem.release();
  }
}

async function spectrumOf(
  { problem, weights, statistics, subspace }: ProblemAtWeights,
  rows: Uint32Array,
  options: SubsetOptions,
): Promise<{ readonly spectrum: SubsetSpectrum; readonly gradient: Float64Array }> {
  const { curvature, traceProducts, seed } = options;
  const { run } = problem;
  const objective = problem.objectiveOf(rows);
  try {
    const { loss, accuracy, gradient } = await objective.evaluate(weights, statistics);
    const operator = objective.curvature(curvature, weights, { statistics });
    const n = operator.dimension;
    const search = { ...options, subspace };
    const fraction = await fractionOf(objective, { weights, statistics }, gradient, subspace, (whole) => whole);
    const pairs = await blockLanczosAsync(operator, topSearch(n, search, fraction));
    const beside = await gradientAtWeights(operator, gradient, pairs, { subspace, parameters: run.parameters });
    const trace = traceProducts > 0 ? await hutchPlusPlusAsync(operator, { products: traceProducts, seed }) : undefined;
    const { topFraction, topFractionBounds, gradientNorm, overlapGradientHessianGradient } = beside;
    return {
      gradient,
      spectrum: {
        loss,
        accuracy: hasAccuracy(run.config, run.data) ? accuracy : null,
        gradientNorm,
        eigenvalues: [...pairs.values.subarray(0, wantedPairs(n, search))],
        topFraction: topFraction === null ? null : knownTopFraction({ topFraction, topFractionBounds }),
        overlapGradientHessianGradient,
        trace: trace?.trace ?? null,
      },
    };
  } finally {
    await objective.release();
  }
}

/** K subsets of S rows each, keyed by the seed: the beginning of a shuffle (Fisher & Yates), cut into pieces. */
function disjointSubsets(all: number, count: number, each: number, seed: number): Uint32Array[] {
  if (!(count >= 2 && each >= 1 && count * each <= all)) {
    throw new UsageError(
      `${count} disjoint subsets of ${each} samples need ${count * each}, and there are ${all}; take at least 2, and fewer or smaller ones`,
    );
  }
  const stream = randomStream(seed, 'subsets');
  const rows = Uint32Array.from({ length: all }, (_, i) => i);
  for (let i = 0; i < count * each; i++) {
    const j = i + stream.integer(all - i);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return Array.from({ length: count }, (_, k) => rows.slice(k * each, (k + 1) * each).sort());
}

/** Null where any value is missing. */
function meanOver(values: readonly (number | null | undefined)[]): Estimate | null {
  const known = values.filter((value): value is number => typeof value === 'number');
  return known.length < values.length ? null : sampleMean(known);
}
