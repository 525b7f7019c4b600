import type { Experiment, Scale } from './experiment.js';
import { withPrerequisites, type Task } from './task.js';

/** All tasks, each once: what the paper's numbers and the figures need, and after it what finds out what moves them. */
export function workOrder(experiments: readonly Experiment[], scale: Scale): Task[] {
  const part = (isVariation: boolean): Task[] =>
    experiments.flatMap(({ claims, figures }) =>
      [
        ...claims.filter(({ variationOf }) => (variationOf !== undefined) === isVariation),
        ...(isVariation ? [] : figures),
      ].flatMap(({ tasks }) => tasks(scale)),
    );
  return withPrerequisites([...part(false), ...part(true)]);
}
