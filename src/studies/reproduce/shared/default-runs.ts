import type { Scale } from '../engine/experiment.js';
import type { TrainTask } from '../engine/task.js';
import { seededRuns } from './seeded.js';
import { setting, threeEpochs } from './settings.js';

/** Steps spaced evenly in the logarithm, two for each doubling, up to the last one. */
function halfOctaves(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(last / 2 ** (i / 2))).reverse();
}

/** The steps of Fig. 2's maps. */
export const mapSteps = { full: halfOctaves(threeEpochs, 11), quick: halfOctaves(60, 5) } as const;

/** Besides them, those that show the beginning and the end of the curves of Fig. 1. */
const curveSteps = { full: [0, 16, 44, 600, 800, 1200, 1600, 1800], quick: [0] } as const;

/** The default network on MNIST, with its weights at every measurement: the runs of Fig. 1a,b and Fig. 2a,b. */
export function defaultRuns(scale: Scale): TrainTask[] {
  const base = setting({ keepWeights: 'all' }, scale);
  const steps = new Set([...curveSteps[scale], ...mapSteps[scale], ...base.measureEvery]);
  const config = { ...base, measureEvery: [...steps].sort((a, b) => a - b) };
  return seededRuns(config, scale === 'full' ? 510 : 20);
}
