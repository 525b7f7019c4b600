import { lineBlocks, type LineBlocks } from './line-blocks.js';
import { predictedRun, type PredictedRecord } from './predicted-run.js';
import { runRecord, type RunRecord } from './run-record.js';
import { energySectors } from './sector-energies.js';
import { overRuns, runMean, runRatio, type RunMean, type RunOptions } from './sgd-ensemble.js';
import { checkSgdPath, type SgdPathConfig } from './sgd-path.js';

/** A quantity beside what is expected of it. */
export interface PredictedQuantity {
  /** loss, E‖g‖², E‖P_s g‖² by sector of the symmetric line, E‖P_k g‖²/E‖g‖², E overlap(g, Hg). */
  readonly name: string;
  /** An interval where the cut at k goes through a level. */
  readonly predicted: { readonly lower: number; readonly upper: number };
  readonly measured: number;
  /** Of the mean over runs. */
  readonly standardError: number;
  /** (measured − predicted)/standardError, from the nearer end of an interval; null where nothing is random. */
  readonly z: number | null;
}

/** All runs at one step. */
export interface RunsStudyRecord {
  readonly step: number;
  readonly time: number;
  /** Of the path without noise; of dom-sgd beyond the boundary, of the expected path. */
  readonly margin: number;
  /** f_top(k) of that path's gradient, without noise. */
  readonly flowTopFraction: { readonly lower: number; readonly upper: number };
  readonly quantities: readonly PredictedQuantity[];
}

/** Runs of SGD in the model beside the exact prediction: the contract of `simulate --runs`. */
export interface RunsStudy {
  readonly run: SgdPathConfig;
  readonly runs: number;
  readonly seed: number;
  readonly records: readonly RunsStudyRecord[];
}

/**
 * SGD, Dom- or Bulk-SGD on fresh samples from W(0) = αB, the gradient and Hessian of the population measured by quadrature, against what the noise of SGD
 * makes of the closed form, to leading order in η/b. The two share no formula.
 *
 * Throws as `overRuns` and `noiseAlong` do. Cost: a second or two for the prediction, and the runs.
 */
export async function runsStudy(config: SgdPathConfig, options: RunOptions, given?: LineBlocks): Promise<RunsStudy> {
  checkSgdPath(config);
  const predicted = predictedRun(config, given ?? lineBlocks(config));
  const seen = await overRuns(config, options, (...point) => runRecord(config, ...point));
  return {
    run: config,
    runs: options.runs,
    seed: options.seed,
    records: predicted.map((record, i) => ({
      step: record.step,
      time: record.step * config.learningRate,
      margin: record.margin,
      flowTopFraction: record.flowTopFraction,
      quantities: quantitiesOf(seen[i]!, record),
    })),
  };
}

/** Every quantity of a record beside its mean over the runs. */
export function quantitiesOf(runs: readonly RunRecord[], record: PredictedRecord): PredictedQuantity[] {
  const { gradient, sectors, top } = record;
  const plain = (name: string, value: number, of: (run: RunRecord) => number): PredictedQuantity =>
    quantity(name, { lower: value, upper: value }, runMean(runs, of));
  const share = runRatio(
    runs,
    (run) => run.top,
    (run) => run.gradient,
  );
  return [
    plain('loss', record.loss, (run) => run.loss),
    plain('gradient', gradient, (run) => run.gradient),
    ...energySectors
      .filter((name) => sectors[name] > 0)
      .map((name) => plain(name, sectors[name], (run) => run.sectors[name])),
    quantity('f_top', { lower: top.lower / gradient, upper: top.upper / gradient }, share),
    plain('overlap', record.overlap, (run) => run.overlap),
  ];
}

function quantity(
  name: string,
  predicted: PredictedQuantity['predicted'],
  { mean: measured, standardError }: RunMean,
): PredictedQuantity {
  const nearest = Math.min(predicted.upper, Math.max(predicted.lower, measured));
  const isRandom = standardError > 1e-9 * Math.abs(measured);
  return { name, predicted, measured, standardError, z: isRandom ? (measured - nearest) / standardError : null };
}
