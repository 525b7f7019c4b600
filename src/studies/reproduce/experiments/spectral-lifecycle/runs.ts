import { trainDefaults } from '../../../../train/train-config.js';
import type { Scale } from '../../engine/experiment.js';
import type { ProbeTask, TrainTask } from '../../engine/task.js';
import { edgeLifecycle, type EdgeLifecycle } from '../../probes/edge-lifecycle.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import type { Setting } from '../../shared/settings.js';

/** m of the Hessian's top space. */
export const top = 10;

/**
 * The same decoder as that of the sums on balanced words of 24 brackets, which are labelled with their depth at each: so few words that they are memorised first. All weights are kept every
 * 50 steps.
 */
const fullDyck: Setting = {
  ...trainDefaults,
  model: 'transformer:2,64,4',
  activation: 'gelu',
  initialisation: 'lecun-normal',
  data: { ...trainDefaults.data, source: 'dyck:24,12,8,500' },
  schedule: { kind: 'constant', rate: 1e-3 },
  batch: null,
  steps: 2400,
  measureEvery: 50,
  subspace: 1,
  top: 2,
  tolerance: 0.1,
  effort: 0,
  keepWeights: 'all',
};

const quickDyck: Setting = {
  ...fullDyck,
  model: 'transformer:2,16,2',
  data: { ...fullDyck.data, source: 'dyck:8,4,4,8' },
  steps: 80,
  measureEvery: 10,
};

/** Seeds of the words: two more than of the sums, since some do not grok. */
const dyckSeeds = [1, 2, 3, 4, 5] as const;

/** Depth of words, with weight decay λ = 1 and without; one seed where it is quick. */
export function dyckRuns(scale: Scale, weightDecay: 0 | 1): TrainTask[] {
  const optimizer = { kind: 'adamw', beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay } as const;
  return scale === 'full'
    ? seededRuns({ ...fullDyck, optimizer }, 60, dyckSeeds)
    : seededRuns({ ...quickDyck, optimizer }, 2, dyckSeeds.slice(0, 1));
}

/** What is looked at along runs. */
export interface Following {
  /** W. */
  readonly window: number;
  /** Kept weights between two measurements of curvature and ablation. */
  readonly effectsEvery: number;
  /** Steps at which the Hessian's top space is looked for; those in between are not in a quick run. */
  readonly hessianAt: readonly number[];
  readonly seconds: number;
}

/** The edge of attention weights along each run, and three of its directions. */
export function lifecyclesOf(
  runs: readonly TrainTask[],
  { window, effectsEvery, hessianAt, seconds }: Following,
): ProbeTask<EdgeLifecycle>[] {
  return probesAfter(
    runs,
    edgeLifecycle,
    ({ config, run }) => {
      const every = config.measureEvery as number;
      const steps = Array.from({ length: Math.floor(config.steps / every) + 1 }, (_, i) => i * every);
      return {
        config,
        run,
        steps,
        window,
        parameters: ['*attn*.weight'],
        directions: 3,
        samples: 512,
        effectsAt: steps.filter((_, i) => i >= window && i % effectsEvery === 0),
        hessianAt,
        m: top,
        tolerance: 0.03,
      };
    },
    seconds,
  );
}
