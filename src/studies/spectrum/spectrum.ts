import type { Runtime } from '../../tensor/engine/index.js';
import { outOfMemory, UsageError } from '../../errors.js';
import { gradientProduct } from '../../loss/gradient-product.js';
import { gradientNoise } from '../../loss/noise/gradient-noise.js';
import type { Curvature, Statistics } from '../../loss/objective.js';
import { withPauses } from '../../numeric/kernels/pausing.js';
import { papyanSplitProgram } from '../../loss/papyan-split.js';
import { blockLanczosAsync, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import { hutchPlusPlusAsync, type TraceEstimate } from '../../numeric/traces/hutch-plus-plus.js';
import type { Estimate } from '../../numeric/statistics/confidence-interval.js';
import { densityCurve, type DensityCurve } from '../../numeric/traces/density-curve.js';
import { stochasticLanczosQuadratureAsync } from '../../numeric/traces/stochastic-lanczos-quadrature.js';
import { energyFraction } from '../../observe/energy-fraction.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { refuseOtherNoise } from '../../train/drawn-steps.js';
import { noiseRecord, type NoiseRecord } from '../../train/observables/noise-null.js';
import { learningRates } from '../../train/schedule.js';
import type { TrainConfig } from '../../train/train-config.js';
import type { MemoryAfter } from '../../train/memory-estimate.js';
import { memorySizes } from '../../train/memory-sizes.js';
import { trainProblem, type TrainProblem } from '../../train/train-problem.js';
import { readWeights } from '../../train/weights-file.js';
import type { GivenMap } from '../../train/weights-map.js';
import { describedRun, refuseOtherData } from './described-run.js';

/** Which spectrum, of which weights, and how many products may be spent on it. */
export interface SpectrumOptions {
  /** A safetensors file that a run wrote, with its configuration. */
  readonly checkpoint: string;
  /** Which of its tensors or layers is which, where they were renamed. */
  readonly initMap?: GivenMap;
  readonly curvature: Curvature;
  /** Blocks of the curvature: layers by name; empty for the whole. */
  readonly layers: readonly string[];
  readonly top: number;
  readonly bottom: number;
  readonly tolerance: number;
  /** Vectors of a search for eigenpairs at most; left out, as many as it wants. */
  readonly basis?: number;
  /** Products spent on the density and on the trace; 0 for none. */
  readonly densityProducts: number;
  readonly traceProducts: number;
  /** Papyan's split of the Gauss–Newton matrix, k² gradients. */
  readonly split: boolean;
  /** Random probes for what SGD's noise alone has of f_top(m) and overlap(g, Hg), m that of the run; left out for none. Of the whole Hessian only. */
  readonly noiseNull?: number;
  readonly seed: number;
  /** Stops it: the promise then rejects with the signal's reason, within seconds. */
  readonly signal?: AbortSignal;
  /** Called with the name of each part that is done. */
  readonly onProgress?: (done: string) => void;
}

export interface Pairs {
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  readonly errors: readonly number[];
}

/** The gradient at saved weights beside the noise of the run. */
export interface NoiseAtWeights {
  /** m. */
  readonly subspace: number;
  /** f_top(m) over all choices of m top eigenvectors, for the eigenvectors as they were found. */
  readonly topFraction: { readonly lower: number; readonly upper: number };
  /** overlap(g, Hg). */
  readonly overlap: number;
  readonly noiseNull: NoiseRecord;
}

/** The document of `spectrum --json`. */
export interface SpectrumDocument {
  readonly checkpoint: string;
  /** What was said of its names. */
  readonly initMap: GivenMap | null;
  readonly step: number;
  readonly config: TrainConfig;
  readonly curvature: Curvature;
  readonly layers: readonly string[];
  /** Parameters the operator acts on; inputs that are always zero left out. */
  readonly dimension: number;
  readonly loss: number;
  /** Null for a regression. */
  readonly accuracy: number | null;
  readonly top: Pairs;
  readonly bottom: Pairs | null;
  /** The share of eigenvalues per unit of λ, smeared by a Gaussian of `width`, with its standard error over probes and the 95 % interval. */
  readonly density: DensityCurve | null;
  readonly trace: Estimate | null;
  readonly split: { readonly between: readonly number[]; readonly cross: readonly number[] } | null;
  /** f_top(m) and overlap(g, Hg) there, and what the noise of the run alone has of them, as records have it; left out where it was not asked for. */
  readonly noise?: NoiseAtWeights;
  readonly products: number;
}

/**
 * The spectrum of the training loss at the weights of a file, on the data its run was trained on. A run of the plain backend needs no runtime. Throws
 * UsageError, DataError, NumericalError.
 */
export async function spectrum(options: SpectrumOptions, runtime?: Runtime): Promise<SpectrumDocument> {
  const {
    checkpoint,
    initMap = null,
    curvature,
    layers,
    top,
    bottom,
    tolerance,
    basis,
    seed,
    signal,
    onProgress = () => undefined,
  } = options;
  const described = describedRun(checkpoint, initMap);
  const { config, step } = described;
  if (options.split && config.loss !== 'cross-entropy') {
    throw new UsageError(`the split is that of cross-entropy; ${checkpoint} was trained with ${config.loss}`);
  }
  const probes = options.noiseNull;
  if (probes !== undefined && (curvature !== 'hessian' || layers.length > 0)) {
    throw new UsageError('the law of the noise needs the whole Hessian: leave curvature at hessian, and layers empty');
  }
  const search = {
    count: Math.max(top, bottom),
    blockSize: 4,
    basis,
    before: bottom > 0 ? top : 0,
    ...vectorsAfter(options, config),
  };
  const problem = await trainProblem(config, runtime, { search, ...(signal && { signal }) });
  try {
    refuseOtherData(checkpoint, described, problem.run.data.origin);
    const { parameters, statistics } = readWeights(checkpoint, problem.shape, config.precision, initMap);
    const weights = problem.reduce(parameters);
    const { loss, accuracy } = await problem.objective.evaluate(weights, statistics);
    onProgress('loss');
    const chosen = layers.length > 0 ? { layers } : {};
    const operator = problem.objective.curvature(curvature, weights, { statistics, ...chosen });
    const n = operator.dimension;
    const limit = basis === undefined ? {} : { basis, most: basis };
    const pairs = (which: 'largest' | 'smallest', count: number): Promise<BlockLanczosResult> =>
      blockLanczosAsync(operator, { count: Math.min(count, n), which, tolerance, seed, ...limit });
    const largest = await pairs('largest', top);
    onProgress('top');
    const smallest = bottom > 0 ? await pairs('smallest', bottom) : undefined;
    const density =
      options.densityProducts > 0
        ? await densityOf(operator, options.densityProducts, { seed, precision: config.precision })
        : undefined;
    if (density !== undefined) onProgress('density');
    const trace =
      options.traceProducts > 0
        ? await hutchPlusPlusAsync(operator, { products: options.traceProducts, seed })
        : undefined;
    const noise =
      probes === undefined
        ? undefined
        : await noiseAt(problem, { weights, statistics, step }, largest, { probes, seed });
    const split = options.split
      ? await withPauses(
          papyanSplitProgram(await problem.objective.classGradients(weights, statistics)),
          problem.giveWay,
        )
      : undefined;
    return {
      checkpoint,
      initMap,
      step,
      config,
      curvature,
      layers,
      dimension: n,
      loss,
      accuracy: problem.run.data.classes === null ? null : accuracy,
      top: shown(largest),
      bottom: smallest === undefined ? null : shown(smallest),
      density: density?.document ?? null,
      trace: trace === undefined ? null : ofTrace(trace),
      split: split === undefined ? null : { between: [...split.between], cross: [...split.cross] },
      ...(noise === undefined ? {} : { noise: noise.document }),
      products:
        largest.products +
        (smallest?.products ?? 0) +
        (density?.products ?? 0) +
        (trace?.products ?? 0) +
        (noise?.products ?? 0),
    };
  } catch (cause) {
    throw outOfMemory(cause) ?? cause;
  } finally {
    await problem.release();
  }
}

/** The law of the run's noise at its learning rate there. Throws UsageError where the run has other noise, or fewer than m + 1 eigenpairs were asked for. */
async function noiseAt(
  { objective, run, samples, isDrawn }: TrainProblem,
  {
    weights,
    statistics,
    step,
  }: { readonly weights: FloatArray; readonly statistics: Statistics; readonly step: number },
  pairs: BlockLanczosResult,
  options: { readonly probes: number; readonly seed: number },
): Promise<{ readonly document: NoiseAtWeights; readonly products: number }> {
  const { config, subspace } = run;
  refuseOtherNoise(config, { samples, isDrawn });
  if (pairs.values.length <= subspace && subspace < pairs.dimension) {
    throw new UsageError(
      `f_top(${subspace}) needs ${subspace + 1} eigenpairs, received top ${pairs.values.length}; ask for more`,
    );
  }
  const { gradient } = await objective.evaluate(weights, statistics);
  const hessian = await gradientProduct(objective.curvature('hessian', weights, { statistics }), gradient, step);
  const noise = await gradientNoise(objective, weights, pairs, { statistics, ...options });
  const snapshot = { gradient, hessian, spectrum: measuredSpectrum(pairs) };
  const { lower, upper } = energyFraction(snapshot.spectrum, gradient, subspace, 'f_top is undefined: the gradient');
  const rate = learningRates(config.schedule)(step);
  return {
    document: {
      subspace,
      topFraction: { lower, upper },
      overlap: gradientHessianOverlap(snapshot),
      noiseNull: noiseRecord(noise, snapshot, run, rate),
    },
    products: noise.products + 1,
  };
}

/** What needs most vectors after the search: the blocks of Hutch++, one Krylov space of the density, or the gradients of pairs of classes with what is made of them. */
function vectorsAfter(
  { traceProducts, densityProducts, split }: SpectrumOptions,
  config: TrainConfig,
): { readonly after?: MemoryAfter } {
  const classes = memorySizes(config)?.extent.outputs ?? 10;
  const candidates: MemoryAfter[] = [
    { option: '--trace', products: traceProducts, vectorsOf: (products) => 5 * Math.floor(products / 3) },
    { option: '--density', products: densityProducts, vectorsOf: (products) => Math.ceil(Math.sqrt(10 * products)) },
    { option: '--split', products: split ? 1 : 0, vectorsOf: (once) => once * 2 * classes * (classes + 1) },
  ];
  const [most] = candidates.sort((a, b) => b.vectorsOf(b.products) - a.vectorsOf(a.products));
  return most!.products === 0 ? {} : { after: most! };
}

async function densityOf(
  operator: Parameters<typeof stochasticLanczosQuadratureAsync>[0],
  products: number,
  { seed, precision }: { readonly seed: number; readonly precision: TrainConfig['precision'] },
): Promise<{ readonly document: DensityCurve; readonly products: number }> {
  const probes = Math.max(2, Math.round(Math.sqrt(products / 10)));
  const steps = Math.max(1, Math.min(operator.dimension, Math.floor(products / probes)));
  const quadrature = await stochasticLanczosQuadratureAsync(operator, { probes, steps, seed });
  const rounding = precision === 'f32' ? 2 ** -24 : 2 ** -53;
  return { document: densityCurve(quadrature, { rounding }), products: quadrature.products };
}

function ofTrace({ trace, standardError, lower, upper }: TraceEstimate): Estimate {
  return { value: trace, standardError, lower, upper };
}

function shown({ values, residuals, errors }: BlockLanczosResult): Pairs {
  return { eigenvalues: [...values], residuals: [...residuals], errors: [...errors] };
}
