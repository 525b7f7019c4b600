import type { Objective } from '../../../loss/objective.js';
import type { FloatArray } from '../../../numeric/kernels/float-array.js';
import { lastWeights } from '../../../train/kept-weights.js';
import type { TrainConfig } from '../../../train/train-config.js';
import { trainProblem, type TrainProblem } from '../../../train/train-problem.js';
import { readWeights, weightsFile } from '../../../train/weights-file.js';
import type { ProbeContext } from '../engine/probe.js';

/** The run whose weights a probe looks at, and in which precision it does. */
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
  args: TrainedArguments,
  context: ProbeContext,
  measure: (network: TrainedNetwork) => Promise<R>,
): Promise<R> {
  return withProblem(args, context, (_, weightsAt) => measure(weightsAt(lastWeights)));
}

/** Loads the problem of a run that kept all its weights, hands it over with what gives the network at any measured step, and releases it. */
export async function alongRun<R>(
  args: TrainedArguments,
  context: ProbeContext,
  measure: (problem: TrainProblem, at: (step: number) => TrainedNetwork) => Promise<R>,
): Promise<R> {
  return withProblem(args, context, (problem, weightsAt) => measure(problem, (step) => weightsAt(weightsFile(step))));
}

async function withProblem<R>(
  { config, run }: TrainedArguments,
  { runtime, weightsOf, signal }: ProbeContext,
  measure: (problem: TrainProblem, weightsAt: (name: string) => TrainedNetwork) => Promise<R>,
): Promise<R> {
  const problem = await trainProblem(config, runtime, { signal });
  try {
    return await measure(problem, (name) => {
      const { parameters, statistics } = readWeights(weightsOf({ key: run }, name), problem.shape, config.precision);
      return { problem, objective: problem.objective, weights: problem.reduce(parameters), statistics };
    });
  } finally {
    await problem.release();
  }
}
