import type { Runtime } from '../../tensor/engine/index.js';
import { outOfMemory, UsageError } from '../../errors.js';
import { withPauses } from '../../numeric/kernels/pausing.js';
import { papyanSplitProgram } from '../../loss/papyan-split.js';
import { parametersOf, restricted } from '../../loss/parameters.js';
import { blockLanczosAsync } from '../../numeric/lanczos/block-lanczos.js';
import { hutchPlusPlusAsync } from '../../numeric/traces/hutch-plus-plus.js';
import { densityCurve, type DensityCurve } from '../../numeric/traces/density-curve.js';
import { stochasticLanczosQuadratureAsync } from '../../numeric/traces/stochastic-lanczos-quadrature.js';
import type { TrainConfig } from '../../train/train-config.js';
import { hasAccuracy } from '../../train/network-spec.js';
import { blockSpectra } from './block-spectra.js';
import { fractionOf, gradientAtWeights } from './gradient-at-weights.js';
import { memorySearch } from './memory-search.js';
import { noiseAtWeights } from './noise-at-weights.js';
import { problemAtWeights } from './problem-at-weights.js';
import { estimateOf, shownPairs } from './shown-results.js';
import { topSearch, wantedPairs } from './top-search.js';
import type { SpectrumDocument, SpectrumOptions } from './spectrum-document.js';

export type * from './spectrum-document.js';

/**
 * The spectrum of a training loss at the weights of a file, on the data its run was trained on, or of a network at its first weights; with f_top(m), overlap(g, Hg) and ‖g‖ there. A run of the
 * plain backend needs no runtime. Throws UsageError, DataError, NumericalError.
 */
export async function spectrum(options: SpectrumOptions, runtime?: Runtime): Promise<SpectrumDocument> {
  const { checkpoint, initMap = null, curvature, layers, top, bottom, tolerance, basis, seed, signal } = options;
  const { onProgress = () => undefined, noiseNull: probes } = options;
  if (probes !== undefined && (curvature !== 'hessian' || layers.length > 0)) {
    throw new UsageError('the law of the noise needs the whole Hessian: leave curvature at hessian, and layers empty');
  }
  const at = await problemAtWeights(options, runtime, {
    search: (sizes) => memorySearch(options, sizes),
    ...(signal && { signal }),
  });
  const { problem, weights, statistics, step, subspace } = at;
  const { objective, run } = problem;
  const { config } = run;
  try {
    if (options.split && config.loss !== 'cross-entropy') {
      throw new UsageError(
        `the split is that of cross-entropy; ${checkpoint ?? 'this network'} was trained with ${config.loss}`,
      );
    }
    const { loss, accuracy, gradient: whole } = await objective.evaluate(weights, statistics);
    onProgress('loss');
    const chosen = layers.length > 0 ? { layers } : {};
    const operator = objective.curvature(curvature, weights, { statistics, ...chosen });
    const n = operator.dimension;
    const limit = basis === undefined ? {} : { basis, most: basis };
    const places = parametersOf(objective.layout, chosen.layers);
    const part = (vector: Float64Array): Float64Array => restricted(objective.layout, places, vector);
    const gradient = part(whole);
    const fraction = await fractionOf(objective, { weights, statistics }, gradient, subspace, part);
    const search = { ...options, subspace };
    const largest = await blockLanczosAsync(operator, topSearch(n, search, fraction));
    onProgress('top');
    const smallest =
      bottom > 0
        ? await blockLanczosAsync(operator, {
            count: Math.min(bottom, n),
            which: 'smallest',
            tolerance,
            seed,
            ...limit,
          })
        : undefined;
    const density =
      options.densityProducts > 0
        ? await densityOf(operator, options.densityProducts, { seed, precision: config.precision })
        : undefined;
    if (density !== undefined) onProgress('density');
    const trace =
      options.traceProducts > 0
        ? await hutchPlusPlusAsync(operator, { products: options.traceProducts, seed })
        : undefined;
    const parameters = layers.length > 0 ? n : run.parameters;
    const beside = await gradientAtWeights(operator, gradient, largest, { subspace, parameters });
    const noise = probes === undefined ? undefined : await noiseAtWeights(at, gradient, largest, { probes, seed, top });
    const { blocks, traceProducts } = options;
    const spectra =
      blocks === undefined
        ? undefined
        : await blockSpectra(at, whole, { ...search, kind: curvature, blocks, traceProducts, trace: trace?.trace });
    if (spectra !== undefined) onProgress('blocks');
    const split = options.split
      ? await withPauses(
          papyanSplitProgram(await problem.objective.classGradients(weights, statistics)),
          problem.giveWay,
        )
      : undefined;
    return {
      checkpoint: checkpoint ?? null,
      initMap,
      ...(checkpoint !== undefined || run.initialWeights === null ? {} : { initialWeights: run.initialWeights }),
      step,
      config,
      ...(run.model && { model: run.model, modelNotes: run.modelNotes ?? [] }),
      curvature,
      layers,
      dimension: n,
      loss,
      accuracy: hasAccuracy(config, run.data) ? accuracy : null,
      ...beside,
      top: shownPairs(largest, wantedPairs(n, search)),
      bottom: smallest === undefined ? null : shownPairs(smallest, bottom),
      density: density?.document ?? null,
      trace: trace === undefined ? null : estimateOf(trace),
      split: split === undefined ? null : { between: [...split.between], cross: [...split.cross] },
      ...(spectra === undefined ? {} : { blocks: spectra.blocks }),
      ...(noise === undefined ? {} : { noise: noise.document }),
      products:
        largest.products +
        1 +
        (smallest?.products ?? 0) +
        (density?.products ?? 0) +
        (trace?.products ?? 0) +
        (spectra?.products ?? 0) +
        (noise?.products ?? 0),
    };
  } catch (cause) {
    throw outOfMemory(cause) ?? cause;
  } finally {
    await problem.release();
  }
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
