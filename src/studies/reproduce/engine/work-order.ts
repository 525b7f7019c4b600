import { withPrerequisites, type Job } from '../../../jobs/job.js';
import type { Experiment, Scale } from './experiment.js';

/** All tasks, each once: what the paper's numbers and the figures need, and after it what finds out what moves them. */
export function workOrder(experiments: readonly Experiment[], scale: Scale): Job[] {
  const part = (isVariation: boolean): Job[] =>
    experiments.flatMap(({ claims, figures }) =>
      [
        ...claims.filter(({ variationOf }) => (variationOf !== undefined) === isVariation),
        ...(isVariation ? [] : figures),
      ].flatMap(({ tasks }) => tasks(scale)),
    );
  return withPrerequisites([...part(false), ...part(true)]);
}
