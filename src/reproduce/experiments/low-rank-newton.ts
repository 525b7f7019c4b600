import { trainDefaults, type TrainConfig } from '../../run/train-config.js';
import type { TrainDocument } from '../../run/train-document.js';
import type { Experiment, Scale } from '../experiment.js';
import { trainTask, type TrainTask } from '../task.js';
import { trainSettings } from '../train-settings.js';

const seeds = [1, 2] as const;
/** Steps of gradient descent before, and of each method then. */
const steps = { full: { before: 300, then: 100 }, quick: { before: 50, then: 20 } } as const;

type Method = 'gradient' | 'newton' | 'dominant';

/** Gradient descent with η = 0.1; after some steps the part that is followed changes, for Newton with η = 1. */
function runsOf(method: Method, scale: Scale): TrainTask[] {
  const { before, then } = steps[scale];
  const config: Omit<TrainConfig, 'seed'> = {
    ...trainDefaults,
    data: { ...trainDefaults.data, samples: scale === 'full' ? 5000 : 1000 },
    batch: null,
    schedule:
      method === 'newton' ? { kind: 'step', rate: 0.1, factor: 10, every: before } : { kind: 'constant', rate: 0.1 },
    follow: { direction: method, refresh: 1, from: method === 'gradient' ? 0 : before, switch: null },
    steps: before + then,
    measureEvery: before,
    top: 11,
    accuracy: 1e-2,
    tolerance: 1e-2,
    keepWeights: 'last',
  };
  const seconds = { full: method === 'gradient' ? 25 : 70, quick: 4 }[scale];
  return seeds.map((seed) => trainTask({ ...config, seed }, seconds));
}

/** GRD18's proposal for a second-order method in the top space. */
export const lowRankNewton: Experiment = {
  id: 'low-rank-newton',
  title: 'Low-rank Newton, θ ← θ − H_top⁻¹ g_top',
  source: 'Discussion',
  data: 'mnist',
  about:
    'FC 2×100 on 5000 images, full gradient: 300 steps of gradient descent (η = 0.1), then 100 steps of each method, the top 10 eigenvectors computed anew at every step. The value is the decrease of the loss in these steps over that of gradient descent. ' +
    'The paper proposes the method and gives no number; "no worse than gradient descent at equal steps" is our reading of it.',
  claims: (
    [
      ['newton', 'low-rank Newton, η = 1'],
      ['dominant', 'gradient descent along g_top, η = 0.1'],
    ] as const
  ).map(([method, statement]) => ({
    id: `low-rank-newton-${method}`,
    statement,
    target:
      method === 'newton'
        ? ({ kind: 'at least', bound: 1, says: 'a usable method' } as const)
        : ({ kind: 'none' } as const),
    tasks: (scale) => [...runsOf('gradient', scale), ...runsOf(method, scale)],
    measure: (results, scale) => {
      const { before } = steps[scale];
      const documents = (which: Method) => runsOf(which, scale).map((task) => results.of(task).result);
      const [plain, runs] = [documents('gradient'), documents(method)];
      const lossAt = ({ records }: TrainDocument, step: number): number =>
        records.find((record) => record.step === step)!.loss;
      const fall = (run: TrainDocument): number => lossAt(run, before) - run.summary.finalLoss;
      const values = runs.map((run, i) => fall(run) / fall(plain[i]!));
      const mean = (of: readonly number[]): number => of.reduce((sum, x) => sum + x, 0) / of.length;
      return {
        values,
        beside: {
          'loss before': mean(runs.map((run) => lossAt(run, before))),
          'loss after': mean(runs.map(({ summary }) => summary.finalLoss)),
          'gradient descent': mean(plain.map(({ summary }) => summary.finalLoss)),
          'products for its subspace': mean(runs.map(({ summary }) => summary.followed!.products)),
        },
        settings: { ...trainSettings(runs.map(({ run }) => run)), follow: runs[0]!.run.config.follow },
        ...(method === 'newton' && {
          reason:
            mean(values) < 1
              ? 'its step solves the top directions at once, in which little loss is left, and does not move in the others'
              : 'its steps also use up what lies in top directions that turn',
        }),
      };
    },
  })),
};
