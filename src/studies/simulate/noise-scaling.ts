import { lineBlocks } from './line-blocks.js';
import { predictedRun } from './predicted-run.js';
import { energySectors, type SectorEnergies } from './sector-energies.js';
import { runMean, sgdEnsemble, type RunMean } from './sgd-ensemble.js';
import type { SgdRunConfig } from './sgd-run.js';

/** How far the noise's energy is from its leading order at one η/b. */
export interface NoiseDeviation {
  readonly batch: number;
  /** η/b. */
  readonly ratio: number;
  /** Mean over runs of Σ_s ‖P_s g‖² over the sectors without flow, over its prediction, less 1. */
  readonly direct: RunMean;
  /** The same of the linearised recursion driven by the same samples: 0 within its error bar. */
  readonly linearised: RunMean;
  /** The difference of the two, which has much smaller error bars: what is of higher order in η/b. */
  readonly deviation: RunMean;
}

/** Deviations ∝ (η/b)^slope. */
export interface NoiseScaling {
  readonly deviations: readonly NoiseDeviation[];
  readonly slope: number;
  readonly slopeError: number;
}

/**
 * The size of what leading order leaves out, at several batch sizes and one learning rate, at the last recorded step. The slope is that of a weighted least-squares line through
 * log |deviation| against log η/b. Cost: `sgdEnsemble` each, twice.
 */
export async function noiseScaling(
  config: Omit<SgdRunConfig, 'batch' | 'linearised' | 'method'>,
  batches: readonly number[],
  options: { readonly runs: number; readonly seed: number },
): Promise<NoiseScaling> {
  const line = lineBlocks(config);
  const last = config.steps.length - 1;
  const deviations: NoiseDeviation[] = [];
  for (const batch of batches) {
    const own: SgdRunConfig = { ...config, method: 'sgd', batch, linearised: true };
    const expected = ofNoise(predictedRun(own, line)[last]!.sectors);
    const ensemble = await sgdEnsemble(own, { ...options, seed: options.seed + batch });
    const relative = (of: Parameters<typeof runMean>[2]): RunMean => runMean(ensemble, last, of);
    deviations.push({
      batch,
      ratio: config.learningRate / batch,
      direct: relative(({ measured }) => ofNoise(measured) / expected - 1),
      linearised: relative(({ linearised }) => ofNoise(linearised!) / expected - 1),
      deviation: relative(({ measured, linearised }) => (ofNoise(measured) - ofNoise(linearised!)) / expected),
    });
  }
  return { deviations, ...logSlope(deviations) };
}

/** Energy in the sectors in which the flow has none. */
function ofNoise(energies: SectorEnergies): number {
  return energySectors.reduce((sum, sector) => sum + (sector === 'trivial' ? 0 : energies[sector]), 0);
}

function logSlope(deviations: readonly NoiseDeviation[]): { readonly slope: number; readonly slopeError: number } {
  const points = deviations.map(({ ratio, deviation: { mean, standardError } }) => ({
    x: Math.log(ratio),
    y: Math.log(Math.abs(mean)),
    weight: (mean / standardError) ** 2,
  }));
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + point.weight * of(point), 0);
  const weight = sum(() => 1);
  const [x, y] = [sum((p) => p.x) / weight, sum((p) => p.y) / weight];
  const spread = sum((p) => (p.x - x) ** 2);
  return { slope: sum((p) => (p.x - x) * (p.y - y)) / spread, slopeError: 1 / Math.sqrt(spread) };
}
