import { UsageError } from '../../errors.js';
import type { Statistics } from '../../loss/objective.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { weightsFrom } from '../../train/first-weights.js';
import { trainDefaults } from '../../train/train-config.js';
import { trainProblem, type TrainProblem, type TrainProblemOptions } from '../../train/train-problem.js';
import { describedRun, refuseOtherData, refuseOtherModel } from './described-run.js';
import type { SpectrumOptions } from './spectrum-document.js';

/** A training loss, and the weights at which it is looked at. */
export interface ProblemAtWeights {
  readonly problem: TrainProblem;
  readonly weights: FloatArray;
  readonly statistics: Statistics;
  /** Of the run that wrote them; 0 for first weights. */
  readonly step: number;
  /** m of f_top(m). */
  readonly subspace: number;
}

type Source = Pick<SpectrumOptions, 'checkpoint' | 'config' | 'initFrom' | 'initMap' | 'subspace'>;

/**
 * The loss of a network at the weights of a run, on the data these were trained on, or at first weights. Throws UsageError unless there is one of both, or where nothing
 * says which m is meant; DataError for files that cannot be read, do not fit, or are no longer those of the run.
 */
export async function problemAtWeights(
  { checkpoint, config, initFrom, initMap, subspace }: Source,
  runtime: Runtime | undefined,
  options: Pick<TrainProblemOptions, 'signal' | 'search'>,
): Promise<ProblemAtWeights> {
  if ((checkpoint === undefined) === (config === undefined)) {
    throw new UsageError('a spectrum is of a checkpoint or of the network of a configuration; give one of both');
  }
  if (checkpoint === undefined) {
    const firstWeights = initFrom === undefined ? {} : { firstWeights: weightsFrom(initFrom, initMap) };
    const plain = { ...config!, steps: 0, top: trainDefaults.top, accuracy: null };
    const problem = await trainProblem(plain, runtime, { ...options, ...firstWeights });
    return at(problem, 0, subspace ?? problem.run.config.subspace ?? problem.run.data.classes);
  }
  const described = describedRun(checkpoint, initMap);
  const problem = await trainProblem(described.config, runtime, {
    ...options,
    firstWeights(wanted) {
      refuseOtherModel(checkpoint, described, wanted.model);
      refuseOtherData(checkpoint, described, wanted.data);
      return weightsFrom(checkpoint, initMap)(wanted);
    },
  });
  return at(problem, described.step, subspace ?? problem.run.subspace);
}

async function at(problem: TrainProblem, step: number, subspace: number | null): Promise<ProblemAtWeights> {
  const { run, reduce, initial, initialStatistics: statistics, release } = problem;
  if (subspace !== null) return { problem, weights: reduce(initial), statistics, step, subspace };
  await release();
  throw new UsageError(
    `${run.data.name} has no classes, whose number would be the m of f_top(m): say which m, for example --subspace 10`,
  );
}
