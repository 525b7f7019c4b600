import { trainDefaults, type TrainConfig } from '../../../train/train-config.js';
import type { Claim, Experiment, Scale } from '../experiment.js';
import { classMeanAlignment, type ClassMeanAlignment } from '../probes/class-mean-alignment.js';
import { probeTask, trainTask, type ProbeTask, type TrainTask } from '../task.js';
import { mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { alignedRuns } from './aligned-runs.js';
import { seeds } from './settings.js';

const m = 10;

type Case = (scale: Scale) => TrainTask[];

/** Softmax regression on ten classes in 100 dimensions. */
const mixture: Case = (scale) =>
  softmaxRuns({ source: `mixture:10,100,0.1,${scale === 'full' ? 10_000 : 2000}`, samples: null }, scale);
const mnistSoftmax: Case = (scale) => softmaxRuns({ source: 'mnist', samples: scale === 'full' ? 5000 : 1000 }, scale);

function softmaxRuns(data: Partial<TrainConfig['data']>, scale: Scale): TrainTask[] {
  const steps = scale === 'full' ? 2000 : 300;
  const config = {
    ...trainDefaults,
    model: 'softmax',
    data: { ...trainDefaults.data, ...data },
    steps,
    measureEvery: steps,
    top: 11,
    accuracy: 1e-2,
    keepWeights: 'last' as const,
  };
  return seeds.map((seed) => trainTask({ ...config, seed }, scale === 'full' ? 12 : 3));
}

function probeTasks(runs: readonly TrainTask[], scale: Scale): ProbeTask<ClassMeanAlignment>[] {
  return runs.map((run) =>
    probeTask(
      classMeanAlignment,
      { config: run.config, run: run.key, m, tolerance: 1e-3 },
      { after: [run], seconds: scale === 'full' ? 8 : 3 },
    ),
  );
}

function claim(id: string, statement: string, runs: Case, value: (found: ClassMeanAlignment) => number): Claim {
  return {
    id,
    statement,
    target: { kind: 'at least', bound: 0.8, says: 'aligned with the class means' },
    tasks: (scale) => [...runs(scale), ...probeTasks(runs(scale), scale)],
    measure: (results, scale) => {
      const found = probeTasks(runs(scale), scale).map((task) => results.of(task).result);
      const over = (of: (one: ClassMeanAlignment) => number): number => mean(found.map(of));
      return {
        values: found.map(value),
        beside: {
          'next 10 eigenvectors': over(({ next }) => mean(next)),
          'single inputs': over(({ inputs }) => inputs),
          'a random row': over(({ random }) => random),
          'first layer of the eigenvectors': over(({ firstLayer }) => mean(firstLayer)),
        },
        settings: { ...trainSettings(runs(scale).map((run) => results.of(run).result.run)), m, means: 'not centred' },
      };
    },
  };
}

/** Ben Arous et al.: where Hessian outliers and gradient point. */
export const classMeans: Experiment = {
  id: 'class-means',
  title: 'Outlier eigenvectors and gradient lie in the span of the class means',
  source: 'Ben Arous, Gheissari, Huang & Jagannath 2023, arXiv:2310.03010',
  data: 'mnist',
  about:
    'Rows of first-layer weights are vectors of the input space. The value is the share of their squared length in the span of the ten class means: of the top 10 Hessian eigenvectors (mean over them), and of the gradient, at the end of SGD. ' +
    'A random row has 10/d of it there; but rows made of inputs have more without knowing classes, as single inputs do, whose share stands beside and is the honest baseline for images, which all share a mean. Theirs is a theorem on Gaussian mixtures; in the noiseless model the share is 1 for the gradient and all k(k − 1) positive levels. The bound is ours.',
  claims: [
    claim(
      'class-means-mixture-top',
      'Gaussian mixture (d = 100, σ = 0.1), softmax: top 10 eigenvectors',
      mixture,
      ({ top }) => mean(top),
    ),
    claim(
      'class-means-mixture-gradient',
      'Gaussian mixture (d = 100, σ = 0.1), softmax: gradient',
      mixture,
      ({ gradient }) => gradient,
    ),
    claim('class-means-softmax-top', 'MNIST, softmax: top 10 eigenvectors', mnistSoftmax, ({ top }) => mean(top)),
    claim('class-means-softmax-gradient', 'MNIST, softmax: gradient', mnistSoftmax, ({ gradient }) => gradient),
    claim('class-means-network-top', 'MNIST, FC 2×100, first layer: top 10 eigenvectors', alignedRuns, ({ top }) =>
      mean(top),
    ),
    claim(
      'class-means-network-gradient',
      'MNIST, FC 2×100, first layer: gradient',
      alignedRuns,
      ({ gradient }) => gradient,
    ),
  ],
};
