import { gradientCovariance } from '../../../exact/noisy/index.js';
import { expectedGram, type UpdateLevel } from '../../../sgd-noise/drawn-gram.js';
import { updateCovariance, updateCovarianceFrom } from '../../../sgd-noise/update-covariance.js';
import { modelLevels } from '../../quench/index.js';
import { linePath } from '../../simulate/line-path.js';
import { populationLoss } from '../../simulate/population-loss.js';
import { sgdPath, type SgdPathConfig } from '../../simulate/sgd-path.js';
import type { Probe } from '../engine/probe.js';
import { edgePhase, measuredWindow, type EdgePhase, type MeasuredWindow } from './edge-phase.js';

export interface ModelEdgeArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly learningRate: number;
  readonly batch: number;
  /** W updates of N steps each. */
  readonly updates: number;
  readonly every: number;
  /** Windows of one run at rest, so many steps apart, and runs that begin at α*B, a window each. */
  readonly windows: number;
  readonly between: number;
  readonly starts: number;
  readonly draws: number;
  readonly seed: number;
}

export interface ModelEdge {
  readonly levels: readonly { readonly eigenvalue: number; readonly multiplicity: number }[];
  /** (Σ n S)²/Σ n S², S = E δ² of a level at rest: in how many dimensions an update lies. */
  readonly dimensions: number;
  readonly rest: EdgePhase;
  /** From no excursion: modes that have not relaxed. */
  readonly start: EdgePhase;
}

/**
 * Updates of SGD on fresh samples in the exact model at α* = 1/σ², where nothing flows and C = H exactly, against the Gram matrix that its noise has by the spectrum of the
 * population: to leading order in η/b, without a fitted number. Throws UsageError where k cuts a level. Cost: b k d operations a step.
 */
export const modelEdge: Probe<ModelEdgeArguments, ModelEdge> = {
  name: 'model-edge',
  revision: 1,
  async run(args, { onProgress, signal }) {
    const { classes, dim, noise, updates: w, every, windows, between, starts, draws, seed } = args;
    const rule = { learningRate: args.learningRate, batch: args.batch };
    const window = { updates: w, every };
    const margin = 1 / noise ** 2;
    const { energiesOf } = modelLevels(args, rule);
    const found = gradientCovariance({ classes, dim, noise, margin }).levels.filter(
      ({ level }) => level.sector !== 'gauge',
    );
    const levelsBy = (covarianceOf: (eigenvalue: number, c: number) => Float64Array): UpdateLevel[] =>
      found.map(({ level: { value, multiplicity }, covariance }) => ({
        multiplicity,
        covariance: covarianceOf(value, covariance),
      }));
    let [above, cut] = [0, 0];
    while (above < classes) above += found[cut++]!.level.multiplicity;
    const phase = (taken: readonly MeasuredWindow[], levels: readonly UpdateLevel[]): EdgePhase =>
      edgePhase(every, taken, expectedGram(levels, w), [{ top: levels.slice(0, cut), rest: levels.slice(cut) }], {
        draws,
        seed,
      });

    const slowest = Math.min(...found.map(({ level }) => level.value));
    const config: SgdPathConfig = {
      classes,
      dim,
      noise,
      method: 'sgd',
      margin,
      ...rule,
      steps: [0],
      refresh: 1,
      linearised: false,
    };
    const population = populationLoss(config);
    const line = linePath(config, population);
    const inside = (x: Float64Array): number => energiesOf(x).top.reduce((sum, energy) => sum + energy, 0);
    const windowsOf = async (run: number, firsts: readonly number[]): Promise<MeasuredWindow[]> => {
      const steps = firsts.flatMap((first) => Array.from({ length: w + 1 }, (_, s) => first + s * every));
      const at: Float64Array[] = [];
      for await (const { weights } of sgdPath({ ...config, steps }, population, line, seed, run)) at.push(weights);
      return firsts.map((_, i) => {
        const own = at.slice(i * (w + 1), (i + 1) * (w + 1));
        const deltas = own.slice(1).map((weights, s) => weights.map((x, f) => x - own[s]![f]!));
        return measuredWindow(w, (s, t) => {
          const [a, b] = [deltas[s]!, deltas[t]!];
          const sum = a.map((x, f) => x + b[f]!);
          const difference = a.map((x, f) => x - b[f]!);
          return {
            whole: a.reduce((total, x, f) => total + x * b[f]!, 0),
            top: (inside(sum) - inside(difference)) / 4,
          };
        });
      });
    };

    const resting = Math.ceil(6 / (rule.learningRate * slowest));
    const started: MeasuredWindow[] = [];
    for (let run = 1; run <= starts; run++) {
      signal.throwIfAborted();
      started.push(...(await windowsOf(run, [0])));
      onProgress((0.5 * run) / starts);
    }
    const rested = await windowsOf(
      0,
      Array.from({ length: windows }, (_, i) => resting + i * (w * every + between)),
    );
    const still = levelsBy((value, c) => updateCovariance(value, c, rule, window));
    const variances = still.map(({ multiplicity, covariance }) => ({ multiplicity, variance: covariance[0]! }));
    const sum = (power: number): number =>
      variances.reduce((total, { multiplicity, variance }) => total + multiplicity * variance ** power, 0);
    return {
      levels: found.map(({ level: { value: eigenvalue, multiplicity } }) => ({ eigenvalue, multiplicity })),
      dimensions: sum(1) ** 2 / sum(2),
      rest: phase(rested, still),
      start: phase(
        started,
        levelsBy((value, c) => updateCovarianceFrom(value, c, rule, window, { before: 0 })),
      ),
    };
  },
};
