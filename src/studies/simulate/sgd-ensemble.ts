import { sampleMean } from '../../numeric/statistics/confidence-interval.js';
import type { PopulationPoint } from '../../exact/population/index.js';
import { linePath, type LinePath } from './line-path.js';
import { populationLoss } from './population-loss.js';
import { checkSgdPath, sgdPath, type SgdPathConfig, type SgdPoint } from './sgd-path.js';

/** How many runs, which, and whom to tell of each. */
export interface RunOptions {
  readonly runs: number;
  readonly seed: number;
  readonly onRun?: () => void;
}

/** A mean over independent runs and its standard error. */
export interface RunMean {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * What `look` sees of many runs of one configuration, at `[record][run]`, keyed by (seed, run): run i is the same however many there are. Throws UsageError for values
 * outside the model or more than five classes, NumericalError where a run diverges. Cost: `sgdPath` each.
 */
export async function overRuns<T>(
  config: SgdPathConfig,
  { runs, seed, onRun }: RunOptions,
  look: (point: SgdPoint, population: (weights: Float64Array) => PopulationPoint, line: LinePath) => T,
): Promise<T[][]> {
  checkSgdPath(config);
  const population = populationLoss(config);
  const line = linePath(config, population);
  const seen = config.steps.map((): T[] => []);
  for (let run = 0; run < runs; run++) {
    let record = 0;
    for await (const point of sgdPath(config, population, line, seed, run)) {
      seen[record++]!.push(look(point, population, line));
    }
    onRun?.();
  }
  return seen;
}

/** The mean of a quantity over the runs. */
export function runMean<T>(runs: readonly T[], of: (run: T) => number): RunMean {
  const { value, standardError } = sampleMean(runs.map(of));
  return { mean: value, standardError };
}

/** E x/E y from the means, its error by the residuals x − (x̄/ȳ) y: to leading order in 1/runs. */
export function runRatio<T>(runs: readonly T[], x: (run: T) => number, y: (run: T) => number): RunMean {
  const below = runMean(runs, y).mean;
  const mean = runMean(runs, x).mean / below;
  const { standardError } = runMean(runs, (run) => x(run) - mean * y(run));
  return { mean, standardError: standardError / below };
}
