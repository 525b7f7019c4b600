import type { Runtime } from '../../tensor/engine/index.js';
import { UsageError } from '../../errors.js';
import type { CompareCell, CompareDocument } from './document.js';
import { judgeNoisy, measureNoisy, noisyRows, type NoisyMeasurement } from './noisy-cell.js';
import { noiselessCell } from './noiseless-cell.js';
import type { CompareSettings } from './settings.js';
import { softmaxNetwork } from './softmax-network.js';

export interface CompareProgress {
  readonly classes: number;
  readonly noise: number;
  /** Shares of the whole work, by a rough count. */
  readonly done: number;
  readonly total: number;
}

/**
 * Theory against the real pipeline: in every cell (k, σ) a linear softmax network is trained by the pipeline's gradient descent and SGD on
 * the model's own data and measured through its gradients and Hessian products, and each observable is held against the closed form.
 *
 * Without noise to what extrapolation leaves open, with the order of the step error; with noise within error bars from independent
 * replicas, all rows of all cells together at one family-wise level. The same data must reject the theory of a noise that is a little off.
 * Throws UsageError on values outside the model. Cost of the default grid: see the README.
 */
export async function compare(
  grid: { readonly classes: readonly number[]; readonly noises: readonly number[] },
  settings: CompareSettings,
  options: {
    readonly runtime: Runtime;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: CompareProgress) => void;
  },
): Promise<CompareDocument> {
  check(grid, settings);
  const { runtime, signal, onProgress } = options;
  const cells = grid.classes.flatMap((classes) => grid.noises.map((noise) => ({ classes, noise })));
  const dimOf = (classes: number): number => classes + settings.extraFeatures;
  const workOf = ({ classes, noise }: (typeof cells)[number]): number =>
    (noise === 0 ? 2 * (settings.seeds.length + 1) : settings.seeds.length * settings.replicas) * dimOf(classes);
  const total = cells.reduce((sum, cell) => sum + workOf(cell), 0);
  let done = 0;
  const measured: (CompareCell | NoisyMeasurement)[] = [];
  for (const cell of cells) {
    const { classes, noise } = cell;
    const dim = dimOf(classes);
    const network = await softmaxNetwork(classes, dim, runtime);
    const advance = (): void => {
      done += dim;
      onProgress?.({ ...cell, done, total });
    };
    try {
      measured.push(
        noise === 0
          ? await noiselessCell(network, { classes, dim }, settings, { onRun: advance, ...(signal && { signal }) })
          : await measureNoisy(network, { classes, dim, noise }, settings, {
              onReplica: advance,
              ...(signal && { signal }),
            }),
      );
    } finally {
      await network.release();
    }
  }
  return judgeComparison(measured, settings);
}

/** Shares the level among the tested rows of all cells, and judges them. */
export function judgeComparison(
  measured: readonly (CompareCell | NoisyMeasurement)[],
  settings: CompareSettings,
): CompareDocument {
  const noisy = measured.filter(isNoisy);
  const tests = noisy.reduce((sum, cell) => sum + noisyRows(cell).filter(({ tested }) => tested).length, 0);
  const cells = measured.map((cell) => (isNoisy(cell) ? judgeNoisy(cell, tests) : cell));
  const rejected = noisy.length === 0 ? null : cells.every((c) => c.wrongTheories.every((wrong) => wrong.rejected));
  return {
    settings,
    tests,
    cells,
    rejectedWrongTheory: rejected,
    ok: cells.every(({ ok }) => ok) && rejected !== false,
  };
}

function isNoisy(cell: CompareCell | NoisyMeasurement): cell is NoisyMeasurement {
  return 'model' in cell;
}

function check(
  { classes, noises }: { readonly classes: readonly number[]; readonly noises: readonly number[] },
  { seeds, replicas, extraFeatures, wrongBy }: CompareSettings,
): void {
  for (const k of classes) {
    if (!Number.isInteger(k) || k < 2 || k * (k + extraFeatures) > 400) {
      throw new UsageError(
        `compare diagonalises the whole Hessian, of k·dim ≤ 400 rows, k ≥ 2: received k = ${k}, dim = ${k + extraFeatures}`,
      );
    }
  }
  const least = 0.01 / (1 - wrongBy); // the smaller wrong σ must be one of the closed form
  for (const noise of noises) {
    if (noise === 0 || (noise >= least && noise <= 1)) continue;
    throw new UsageError(
      `noise must be 0, or lie between ${Number(least.toPrecision(3))} and 1 where σ off by ${100 * wrongBy} % is to be rejected, received ${noise}; for example 0,0.1,0.3`,
    );
  }
  if (seeds.length === 0) throw new UsageError('compare needs at least one seed, received none; the default is 3');
  if (noises.some((noise) => noise > 0) && seeds.length * replicas < 3) {
    throw new UsageError(
      `error bars need at least 3 replicas in all, received ${seeds.length} seeds with ${replicas} each; the default is 3 with 8`,
    );
  }
}
