import { lineBlocks } from './line-blocks.js';
import { predictedRun, type PredictedRecord } from './predicted-run.js';
import { energySectors } from './sector-energies.js';
import { runMean, runRatio, sgdEnsemble, type RunMean, type SgdEnsemble } from './sgd-ensemble.js';
import type { SgdRunConfig } from './sgd-run.js';

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
export interface NoiseStudyRecord {
  readonly step: number;
  readonly time: number;
  /** Of the path without noise; of dom-sgd beyond the boundary, of the expected path. */
  readonly margin: number;
  /** f_top(k) of that path's gradient, without noise. */
  readonly flowTopFraction: { readonly lower: number; readonly upper: number };
  readonly quantities: readonly PredictedQuantity[];
}

/** Runs of SGD in the model beside the exact prediction: the contract of `simulate --runs`. */
export interface NoiseStudy {
  readonly run: SgdRunConfig;
  readonly runs: number;
  readonly seed: number;
  readonly records: readonly NoiseStudyRecord[];
}

/**
 * SGD, Dom- or Bulk-SGD on fresh samples from W(0) = αB, the gradient and Hessian of the population measured by quadrature, against what the noise of SGD
 * makes of the closed form, to leading order in η/b. The two share no formula.
 *
 * Throws as `sgdEnsemble` and `noiseAlong` do. Cost: a second or two for the prediction, and the runs.
 */
export async function noiseStudy(
  config: SgdRunConfig,
  options: { readonly runs: number; readonly seed: number; readonly onRun?: () => void },
): Promise<NoiseStudy> {
  const predicted = predictedRun(config, lineBlocks(config));
  const ensemble = await sgdEnsemble(config, options);
  return {
    run: config,
    runs: options.runs,
    seed: options.seed,
    records: predicted.map((record, i) => ({
      step: record.step,
      time: record.step * config.learningRate,
      margin: record.margin,
      flowTopFraction: record.flowTopFraction,
      quantities: quantitiesOf(ensemble, i, record),
    })),
  };
}

/** Every quantity of a record. */
export function quantitiesOf(ensemble: SgdEnsemble, i: number, record: PredictedRecord): PredictedQuantity[] {
  const { gradient, sectors, top } = record;
  const plain = (name: string, value: number, { mean, standardError }: RunMean): PredictedQuantity =>
    quantity(name, { lower: value, upper: value }, mean, standardError);
  const share = runRatio(
    ensemble,
    i,
    ({ measured }) => measured.top,
    ({ measured }) => measured.gradient,
  );
  return [
    plain('loss', record.loss, runMean(ensemble, i, ({ measured }) => measured.loss)),
    plain('gradient', gradient, runMean(ensemble, i, ({ measured }) => measured.gradient)),
    ...energySectors
      .filter((name) => sectors[name] > 0)
      .map((name) => plain(name, sectors[name], runMean(ensemble, i, ({ measured }) => measured[name]))),
    quantity(
      'f_top',
      { lower: top.lower / gradient, upper: top.upper / gradient },
      share.mean,
      share.standardError,
    ),
    plain('overlap', record.overlap, runMean(ensemble, i, ({ measured }) => measured.overlap)),
  ];
}

function quantity(
  name: string,
  predicted: PredictedQuantity['predicted'],
  measured: number,
  standardError: number,
): PredictedQuantity {
  const nearest = Math.min(predicted.upper, Math.max(predicted.lower, measured));
  const isRandom = standardError > 1e-9 * Math.abs(measured);
  return { name, predicted, measured, standardError, z: isRandom ? (measured - nearest) / standardError : null };
}
