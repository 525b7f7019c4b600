import type { Probe } from '../engine/probe.js';
import { probeTask, trainTask, type ProbeTask, type TrainTask } from '../engine/task.js';
import type { TrainedArguments } from '../probes/at-weights.js';
import type { Setting } from './settings.js';

/** First weights, batches, labels and sampled data differ between the seeds, images do not. */
export const seeds: readonly number[] = [1, 2];

/** One run for each seed, of about so many seconds each. */
export function seededRuns(config: Setting, seconds: number, of = seeds): TrainTask[] {
  return of.map((seed) => trainTask({ ...config, seed }, seconds));
}

/** A probe after each run, of about so many seconds each; its arguments hold the run whose weights it looks at. */
export function probesAfter<A, R>(
  runs: readonly TrainTask[],
  probe: Probe<A, R>,
  argumentsAt: (weights: TrainedArguments) => A,
  secondsOf: number | ((weights: TrainedArguments) => number),
): ProbeTask<R>[] {
  return runs.map((run) => {
    const weights = { config: run.config, run: run.key };
    const seconds = typeof secondsOf === 'number' ? secondsOf : secondsOf(weights);
    return probeTask(probe, argumentsAt(weights), { after: [run], seconds });
  });
}
