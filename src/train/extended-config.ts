import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.js';
import { measuredSteps } from './measured-steps.js';
import type { TrainConfig } from './train-config.js';

/**
 * The configuration of a run that goes on to more steps: that of a run which takes them all from the start, and measures where the shorter one does, its last step included, and
 * from there on at the steps of `asked`. `measureEvery` stays as asked where that already says so, else it is the list of all of them.
 *
 * Throws UsageError for fewer steps than before, and for a run that ends at a flow time, which more steps do not change.
 */
export function extendedConfig(
  config: TrainConfig,
  steps: number,
  asked: TrainConfig['measureEvery'] = config.measureEvery,
): TrainConfig {
  if (steps < config.steps) {
    throw new UsageError(`the run has ${config.steps} steps already, received ${steps}: give more, or another folder`);
  }
  if (steps === config.steps) return config;
  if (config.stop !== undefined && 'time' in config.stop) {
    throw new UsageError(`the run ends at flow time ${config.stop.time}, whatever its steps: begin another one`);
  }
  const { measureFrom: from = 0 } = config;
  const [before, after] = [
    measuredSteps({ steps: config.steps, every: config.measureEvery, from }),
    measuredSteps({ steps, every: asked, from }),
  ];
  const all = [...new Set([...before, ...after.filter((step) => step > config.steps)])];
  return { ...config, steps, measureEvery: isDeepStrictEqual(all, after) ? asked : all };
}
