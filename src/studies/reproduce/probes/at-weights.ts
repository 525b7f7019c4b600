import type { Objective } from '../../../loss/objective.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { lastWeights } from '../../../train/kept-weights.js';
import type { TrainConfig } from '../../../train/train-config.js';
import { trainProblem, type TrainProblem } from '../../../train/train-problem.js';
import { readWeights } from '../../../train/weights-file.js';
import type { ProbeContext } from '../engine/probe.js';

/** The run whose last weights a probe looks at, and in which precision it does. */
export interface TrainedArguments {
  readonly config: TrainConfig;
  /** Key of the run's task. */
  readonly run: string;
}

/** A trained network with its training loss. */
export interface TrainedNetwork {
  readonly problem: TrainProblem;
  readonly objective: Objective;
  readonly weights: FloatArray;
  readonly statistics: Readonly<Record<string, FloatArray>>;
}

/** Loads the last weights of a run, hands them over with their problem, and releases it. */
export async function atLastWeights<R>(
  { config, run }: TrainedArguments,
  { runtime, weightsOf, signal }: ProbeContext,
  measure: (network: TrainedNetwork) => Promise<R>,
): Promise<R> {
  const problem = await trainProblem(config, runtime, { signal });
  try {
    const path = weightsOf({ key: run }, lastWeights);
    const { parameters, statistics } = readWeights(path, problem.shape, config.precision);
    return await measure({ problem, objective: problem.objective, weights: problem.reduce(parameters), statistics });
  } finally {
    await problem.release();
  }
}
