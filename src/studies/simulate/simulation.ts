import type { DescentConfig, DescentMethod, DescentRecord } from './descent-config.js';
import { checkDescentConfig } from './descent-config.js';
import { runsStudy, type RunsStudy } from './runs-study.js';
import { checkSgdPath } from './sgd-path.js';
import { descend } from './subspace-descent.js';

/** A descent in the model, or from two `runs` on so many, beside what is expected of them. */
export interface SimulationSettings extends DescentConfig {
  readonly runs: number;
}

export const simulationDefaults: SimulationSettings = {
  classes: 5,
  dim: 10,
  noise: 0.3,
  method: 'sgd',
  margin: 4.5,
  learningRate: 2,
  steps: 300,
  every: 50,
  batch: 200,
  samples: 4000,
  online: false,
  refresh: 10,
  runs: 1,
  seed: 1,
};

export const descentMethods: readonly DescentMethod[] = ['gd', 'sgd', 'dom-sgd', 'bulk-sgd'];

/** Least and most of each setting that is a number; `lr` is the learning rate. */
export const simulationRanges = {
  classes: [2, 1000],
  dim: [2, 1e5],
  noise: [0.01, 10],
  margin: [0, 1e5],
  lr: [1e-9, 1e6],
  steps: [1, 1e7],
  every: [1, 1e7],
  batch: [1, 1e6],
  samples: [1, 1e6],
  refresh: [1, 1e6],
  runs: [1, 1e6],
} as const;

/** Settings that would change nothing, by the names of their options, and why. */
export const unusedInSimulation = ({ method, runs }: Pick<SimulationSettings, 'method' | 'runs'>) => [
  {
    when: method === 'gd',
    options: ['batch', 'samples', 'online', 'runs', 'seed'],
    why: 'gd is exact, on the population',
  },
  {
    when: method === 'gd' || method === 'sgd',
    options: ['refresh'],
    why: `${method} follows the whole gradient`,
  },
  {
    when: runs > 1,
    options: ['samples', 'online'],
    why: 'with --runs every step has fresh samples, and gradient and Hessian are those of the population',
  },
];

/** What `simulate` prints: the contract for scripts. With --runs it is a RunsStudy. */
export interface SimulateDocument {
  readonly run: DescentConfig;
  readonly records: readonly DescentRecord[];
}

/** Whether it is a study of many runs. */
export const hasManyRuns = ({ method, runs }: SimulationSettings): boolean => runs > 1 && method !== 'gd';

/** Throws UsageError naming the value that is not legal, and what is. */
export function checkSimulation(settings: SimulationSettings): void {
  if (hasManyRuns(settings)) checkSgdPath(pathOf(settings));
  else checkDescentConfig(settings);
}

/**
 * The document of `simulate`. `onProgress`: steps of one run, or runs, so far. Throws as `descend` and `runsStudy` do.
 */
export async function simulation(
  settings: SimulationSettings,
  onProgress: (done: number) => void = () => undefined,
): Promise<SimulateDocument | RunsStudy> {
  const { runs, ...config } = settings;
  if (hasManyRuns(settings)) {
    let done = 0;
    return runsStudy(pathOf(settings), {
      runs,
      seed: settings.seed,
      onRun: () => {
        onProgress(++done);
      },
    });
  }
  const records = await descend(config, ({ step }) => {
    onProgress(step);
  });
  return { run: config, records };
}

/** Records at the multiples of `every`, and at the end. */
function pathOf({ classes, dim, noise, method, margin, learningRate, batch, refresh, steps, every }: DescentConfig) {
  const recorded = Array.from({ length: Math.ceil(steps / every) }, (_, i) => Math.min(steps, (i + 1) * every));
  return {
    ...{ classes, dim, noise, method: method as Exclude<DescentMethod, 'gd'>, margin, learningRate, batch },
    ...{ steps: recorded, refresh, linearised: false },
  };
}
