import { UsageError } from '../../errors.js';
import { gradientProduct } from '../../loss/gradient-product.js';
import { gradientNoise } from '../../loss/noise/gradient-noise.js';
import type { BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import { energyFraction } from '../../observe/energy-fraction.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import { refuseOtherNoise } from '../../train/drawn-steps.js';
import { noiseRecord } from '../../train/observables/noise-null.js';
import { configuredRates } from '../../train/schedule.js';
import type { ProblemAtWeights } from './problem-at-weights.js';
import type { NoiseAtWeights } from './spectrum-document.js';

/** The law of the run's noise at its learning rate there. Throws UsageError where the run has other noise, or fewer than m + 1 eigenpairs were asked for. */
export async function noiseAtWeights(
  { problem, weights, statistics, step, subspace }: ProblemAtWeights,
  gradient: Float64Array,
  pairs: BlockLanczosResult,
  options: { readonly probes: number; readonly seed: number; readonly top: number },
): Promise<{ readonly document: NoiseAtWeights; readonly products: number }> {
  const { objective, run, samples, isDrawn } = problem;
  const { config } = run;
  refuseOtherNoise(config, { samples, isDrawn });
  if (options.top <= subspace && subspace < pairs.dimension) {
    throw new UsageError(
      `f_top(${subspace}) needs ${subspace + 1} eigenpairs, received top ${options.top}; ask for more`,
    );
  }
  const hessian = await gradientProduct(objective.curvature('hessian', weights, { statistics }), gradient, step);
  const noise = await gradientNoise(objective, weights, pairs, { statistics, ...options });
  const snapshot = { gradient, hessian, spectrum: measuredSpectrum(pairs) };
  const { lower, upper } = energyFraction(snapshot.spectrum, gradient, subspace, 'f_top is undefined: the gradient');
  const rate = configuredRates(config)(step);
  return {
    document: {
      subspace,
      topFraction: { lower, upper },
      overlap: gradientHessianOverlap(snapshot),
      noiseNull: noiseRecord(noise, snapshot, { ...run, subspace }, rate),
    },
    products: noise.products + 1,
  };
}
