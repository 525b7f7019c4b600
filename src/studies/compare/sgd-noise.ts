import { UsageError } from '../../errors.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { lineBlocks } from '../simulate/line-blocks.js';
import { gradientParts, partDimensions } from './gradient-sectors.js';
import { isTested, judgeSgdNoise, startMargin, type SgdNoiseCell, type SgdNoiseMeasurement } from './sgd-noise-cell.js';
import { sgdNoiseRuns } from './sgd-noise-runs.js';
import type { SgdNoiseSettings } from './sgd-noise-settings.js';
import { softmaxNetwork } from './softmax-network.js';

/** The noise of SGD of networks against the exact model: the contract of `compare --sgd-noise`. */
export interface SgdNoiseDocument {
  readonly settings: SgdNoiseSettings;
  /** Rows over which the level is shared. */
  readonly tests: number;
  readonly cells: readonly SgdNoiseCell[];
  readonly rejectedWrongTheory: boolean;
  readonly ok: boolean;
}

/**
 * In every cell (k, σ) a linear softmax network is trained by the pipeline's SGD at finite η/b on fresh samples of the model, from W = 0 and from the Bayes classifier, and the squared
 * gradient of the population, by its parts, f_top(k) and overlap(g, Hg) are held against the exact noise, all rows of all cells together at one family-wise level.
 * The same data must reject theories whose C or η/b is a little off.
 *
 * The prediction is of leading order in η/b; what it leaves out is about η/(3b) of the energy of a mode, at the defaults a third of the error bar of all modes together: it is kept below
 * the error bars, not extrapolated, but for the mode along B at α*, which is shown and not tested. Throws UsageError on values outside the model. Cost: half a minute to a minute for each cell.
 */
export async function compareSgdNoise(
  grid: { readonly classes: readonly number[]; readonly noises: readonly number[] },
  settings: SgdNoiseSettings,
  options: {
    readonly runtime: Runtime;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<SgdNoiseDocument> {
  return judgeSgdNoises(await sgdNoiseMeasurements(grid, settings, options), settings);
}

/** The runs of all cells. */
export async function sgdNoiseMeasurements(
  grid: { readonly classes: readonly number[]; readonly noises: readonly number[] },
  settings: SgdNoiseSettings,
  options: Parameters<typeof compareSgdNoise>[2],
): Promise<SgdNoiseMeasurement[]> {
  check(grid, settings);
  const { runtime, signal, onProgress } = options;
  const starts = ['zero', 'bayes'] as const;
  const models = grid.classes.flatMap((classes) =>
    grid.noises.map((noise) => ({ classes, dim: classes + settings.extraFeatures, noise })),
  );
  const total = models.length * starts.length * settings.runs;
  let done = 0;
  const measured: SgdNoiseMeasurement[] = [];
  for (const model of models) {
    const { classes: k, dim, noise } = model;
    const network = await softmaxNetwork(k, dim, runtime);
    const line = lineBlocks(model);
    try {
      for (const start of starts) {
        const margin = startMargin(noise, start);
        const initial = Float64Array.from({ length: k * dim }, (_, i) =>
          i % dim < k ? margin * ((i % dim === Math.floor(i / dim) ? 1 : 0) - 1 / k) : 0,
        );
        const runs = await sgdNoiseRuns(network, model, { initial, isStationary: start === 'bayes' }, settings, {
          key: [k, dim, noise, start],
          ...(signal && { signal }),
          onRun: () => onProgress?.(++done, total),
        });
        measured.push({ model, start, line, runs });
      }
    } finally {
      await network.release();
    }
  }
  return measured;
}

/** Shares the level among the rows of all cells, and judges them. */
export function judgeSgdNoises(measured: readonly SgdNoiseMeasurement[], settings: SgdNoiseSettings): SgdNoiseDocument {
  const rows = ({ model, start }: SgdNoiseMeasurement): number =>
    3 + gradientParts.filter((part) => partDimensions(model)[part] > 0 && isTested(part, start)).length;
  const tests = measured.reduce((sum, cell) => sum + rows(cell), 0);
  const cells = measured.map((cell) => judgeSgdNoise(cell, settings, tests));
  const rejected = cells.every(({ wrongTheories }) => wrongTheories.every((wrong) => wrong.rejected));
  return { settings, tests, cells, rejectedWrongTheory: rejected, ok: rejected && cells.every(({ ok }) => ok) };
}

function check(
  { classes, noises }: { readonly classes: readonly number[]; readonly noises: readonly number[] },
  { runs, batch, learningRate }: SgdNoiseSettings,
): void {
  for (const noise of noises) {
    if (noise >= 0.2 && noise <= 1) continue;
    throw new UsageError(`the noise of SGD is compared for σ from 0.2 to 1, received ${noise}; for example 0.4`);
  }
  for (const k of classes) {
    if (Number.isInteger(k) && k >= 2 && k <= 10) continue;
    throw new UsageError(`the noise of SGD is compared for 2 to 10 classes, received ${k}; for example 3`);
  }
  if (!(runs >= 10)) throw new UsageError(`error bars need at least 10 runs, received ${runs}; the default is 800`);
  if (!(batch >= 50 * learningRate)) {
    throw new UsageError(
      `leading order in η/b is compared where b/η is at least 50, received ${learningRate}/${batch}; for example 0.5/64`,
    );
  }
}
