import { lineBlocks } from './line-blocks.js';
import { predictedRun } from './predicted-run.js';
import { energySectors, sectorEnergies, sectorMultiplicities, type SectorEnergies } from './sector-energies.js';
import { overRuns, runMean, type RunMean, type RunOptions } from './sgd-ensemble.js';
import type { SgdPathConfig } from './sgd-path.js';

/** How far the noise's energy is from its leading order at one η/b. */
export interface NoiseDeviation {
  readonly batch: number;
  /** η/b. */
  readonly ratio: number;
  /** Mean over runs, and over all modes without flow, of g_i² over its prediction, less 1. */
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
 * The size of what leading order leaves out, at several batch sizes and one learning rate, at the last of the steps. The slope is that of a weighted least-squares line through
 * log |deviation| against log η/b. Cost: `sgdPath` each.
 */
export async function noiseScaling(
  config: Omit<SgdPathConfig, 'batch' | 'linearised' | 'method'>,
  batches: readonly number[],
  options: RunOptions,
): Promise<NoiseScaling> {
  const line = lineBlocks(config);
  const multiplicities = sectorMultiplicities(config);
  const last = config.steps.length - 1;
  const deviations: NoiseDeviation[] = [];
  for (const batch of batches) {
    const own: SgdPathConfig = { ...config, method: 'sgd', batch, linearised: true };
    const { sectors } = predictedRun(own, line)[last]!;
    const seen = await overRuns(own, { ...options, seed: options.seed + batch }, (point, population, path) => {
      const ofModes = (gradient: Float64Array): number =>
        meanRatio(sectorEnergies(gradient, own, path.standard(point.step)), sectors, multiplicities);
      return { measured: ofModes(population(point.weights).gradient), linear: ofModes(point.linearised!) };
    });
    const runs = seen[last]!;
    deviations.push({
      batch,
      ratio: config.learningRate / batch,
      direct: runMean(runs, ({ measured }) => measured - 1),
      linearised: runMean(runs, ({ linear }) => linear - 1),
      deviation: runMean(runs, ({ measured, linear }) => measured - linear),
    });
  }
  return { deviations, ...logSlope(deviations) };
}

/** The mean of g_i²/E g_i² over the modes of all sectors in which the flow has nothing. */
function meanRatio(energies: SectorEnergies, expected: SectorEnergies, multiplicities: SectorEnergies): number {
  let [sum, modes] = [0, 0];
  for (const sector of energySectors) {
    const count = multiplicities[sector];
    if (sector === 'trivial' || count === 0) continue;
    sum += (count * energies[sector]) / expected[sector];
    modes += count;
  }
  return sum / modes;
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
