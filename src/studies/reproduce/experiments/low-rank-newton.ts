import { marginRate, symmetricPoint, symmetricPointAtMargin } from '../../../exact/noiseless/index.js';
import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import { knownTopFraction } from '../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../train/train-document.js';
import type { Claim, Experiment, Scale } from '../experiment.js';
import { trainTask, type TrainTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { aligned, useful } from './low-rank-newton-aligned.js';
import { seeds } from './settings.js';

/** Steps of gradient descent before, and of each method then. */
const steps = { full: { before: 300, then: 100 }, quick: { before: 50, then: 10 } } as const;

type Method = 'gradient' | 'newton';

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

/** Gradient descent by itself, which other experiments look at too. */
export const plainDescents = (scale: Scale): TrainTask[] => runsOf('gradient', scale);

/**
 * In the noiseless model g = −(ε/(k−1)) B is an eigenvector of λ₁ = ε(1−ε)/(k−1) in the top space, so that the low-rank Newton step is
 * α ← α + 1/(1−ε), and gradient descent α ← α + η/(e^α + k − 1). Decrease of the loss by the first over that by the second.
 */
function exactRatio(classes: number, time: number, count: number): number {
  const first = symmetricPoint(classes, time);
  const after = (next: (margin: number) => number): number => {
    let { margin } = first;
    for (let step = 0; step < count; step++) margin = next(margin);
    return symmetricPointAtMargin(classes, margin).loss;
  };
  const newton = after((margin) => margin + 1 / (1 - symmetricPointAtMargin(classes, margin).error));
  const descent = after((margin) => margin + 0.1 * marginRate(classes, margin));
  return (first.loss - newton) / (first.loss - descent);
}

const descended: Claim = {
  id: 'low-rank-newton-descended',
  statement: 'from gradient descent: low-rank Newton, η = 1',
  target: useful,
  tasks: (scale) => [...runsOf('gradient', scale), ...runsOf('newton', scale)],
  measure: (results, scale) => {
    const { before } = steps[scale];
    const documents = (which: Method) => runsOf(which, scale).map((task) => results.of(task).result);
    const [plain, runs] = [documents('gradient'), documents('newton')];
    const lossAt = ({ records }: TrainDocument, step: number): number =>
      records.find((record) => record.step === step)!.loss;
    const fall = (run: TrainDocument): number => lossAt(run, before) - run.summary.finalLoss;
    const topFraction = mean(
      runs.map(({ records }) => knownTopFraction(records.find(({ step }) => step === before)!).upper),
    );
    return {
      values: runs.map((run, i) => fall(run) / fall(plain[i]!)),
      beside: {
        'loss before': mean(runs.map((run) => lossAt(run, before))),
        'loss after': mean(runs.map(({ summary }) => summary.finalLoss)),
        'by gradient descent': mean(plain.map(({ summary }) => summary.finalLoss)),
        'f_top(10) before, at most': topFraction,
        'products for its subspace': mean(runs.map(({ summary }) => summary.followed!.products)),
      },
      settings: { ...trainSettings(runs.map(({ run }) => run)), follow: runs[0]!.run.config.follow },
      ...(topFraction < 0.5 && {
        reason:
          'gradient descent, which has no noise, leaves little of its gradient in the top space before, so that a step in it does little',
      }),
    };
  },
};

const exact: Claim = {
  id: 'low-rank-newton-exact',
  statement: 'exact model, k = 10, from t = 30: low-rank Newton, η = 1',
  target: useful,
  tasks: () => [],
  measure: () => ({
    values: [exactRatio(10, 30, 100)],
    settings: { classes: 10, noise: 0, from: 't = 30', steps: 100 },
  }),
};

/** GRD18's proposal for a second-order method in the top space. */
export const lowRankNewton: Experiment = {
  id: 'low-rank-newton',
  title: 'Low-rank Newton, θ ← θ − H_top⁻¹ g_top',
  source: 'Discussion',
  data: 'mnist',
  about:
    'FC 2×100 on 5000 images, full gradient: 300 steps of gradient descent (η = 0.1), then 100 steps of each method, the top 10 eigenvectors computed anew at every step; and the same from weights at which SGD has aligned the gradient, eigenvectors anew every 5 steps. The value is the decrease of the loss in these steps over that of gradient descent. ' +
    'In the exact model without noise the gradient is an eigenvector of the top space, and the Newton step makes the loss fall by a factor e a step where gradient descent takes ever longer. ' +
    'The paper proposes the method and gives no number; "no worse than gradient descent at equal steps" is our reading of it.',
  claims: [aligned, descended, exact],
};
