import { sampleMean } from '../../numeric/statistics/confidence-interval.js';
import { linePath } from './line-path.js';
import { populationLoss } from './population-loss.js';
import { checkSgdRun, sgdRun, type RunRecord, type SgdRunConfig } from './sgd-run.js';

/** A mean over independent runs and its standard error. */
export interface RunMean {
  readonly mean: number;
  readonly standardError: number;
}

/** The records of every run, at `runs[run][record]`. */
export interface SgdEnsemble {
  readonly config: SgdRunConfig;
  /** The margin of the path without noise at each recorded step. */
  readonly margins: readonly number[];
  readonly runs: readonly (readonly RunRecord[])[];
}

/**
 * Many runs of one configuration, keyed by (seed, run): run i is the same however many there are. Throws UsageError for values outside the model or more than five
 * classes, NumericalError where a run diverges. Cost: `sgdRun` each.
 */
export async function sgdEnsemble(
  config: SgdRunConfig,
  { runs, seed, onRun }: { readonly runs: number; readonly seed: number; readonly onRun?: () => void },
): Promise<SgdEnsemble> {
  checkSgdRun(config);
  const population = populationLoss(config);
  const line = linePath(config, population);
  const all: RunRecord[][] = [];
  for (let run = 0; run < runs; run++) {
    all.push(await sgdRun(config, population, line, seed, run));
    onRun?.();
  }
  return { config, margins: config.steps.map((step) => line.margin(step)), runs: all };
}

/** The mean of a quantity of a record over the runs. */
export function runMean(ensemble: SgdEnsemble, record: number, of: (record: RunRecord) => number): RunMean {
  const { value, standardError } = sampleMean(ensemble.runs.map((records) => of(records[record]!)));
  return { mean: value, standardError };
}

/** E x/E y from the means, its error by the residuals x − (x̄/ȳ) y: to leading order in 1/runs. */
export function runRatio(
  ensemble: SgdEnsemble,
  record: number,
  x: (record: RunRecord) => number,
  y: (record: RunRecord) => number,
): RunMean {
  const below = runMean(ensemble, record, y).mean;
  const mean = runMean(ensemble, record, x).mean / below;
  const { standardError } = runMean(ensemble, record, (one) => x(one) - mean * y(one));
  return { mean, standardError: standardError / below };
}
