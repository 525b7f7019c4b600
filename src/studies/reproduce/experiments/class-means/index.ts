import { trainDefaults, type TrainConfig } from '../../../../train/train-config.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement, Scale } from '../../engine/experiment.js';
import type { ProbeTask, TrainTask } from '../../engine/task.js';
import { classMeanAlignment, type ClassMeanAlignment } from '../../probes/class-mean-alignment.js';
import { alignedRuns } from '../../shared/aligned-runs.js';
import { probesAfter, seededRuns } from '../../shared/seeded.js';
import { meanOfValues } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const m = 10;
const aligned = { kind: 'at least', bound: 0.8, says: 'aligned with the class means' } as const;

/** Softmax regression on ten classes in 100 dimensions. */
const ofMixture = (scale: Scale): TrainTask[] =>
  softmaxRuns({ source: `mixture:10,100,0.1,${scale === 'full' ? 10_000 : 2000}`, samples: null }, scale);
const ofImages = (scale: Scale): TrainTask[] =>
  softmaxRuns({ source: 'mnist', samples: scale === 'full' ? 5000 : 1000 }, scale);

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
    keepWeights: 'last',
  } as const;
  return seededRuns(config, scale === 'full' ? 12 : 3);
}

function alignments(runs: readonly TrainTask[], scale: Scale): ProbeTask<ClassMeanAlignment>[] {
  const seconds = scale === 'full' ? 8 : 3;
  return probesAfter(runs, classMeanAlignment, (weights) => ({ ...weights, m, tolerance: 1e-3 }), seconds);
}

const topMean = ({ top }: ClassMeanAlignment): number => meanOfValues(top);
const gradient = (found: ClassMeanAlignment): number => found.gradient;

function shares(
  runs: readonly TrainDocument[],
  found: readonly ClassMeanAlignment[],
  value: (found: ClassMeanAlignment) => number,
): Measurement {
  const over = (of: (one: ClassMeanAlignment) => number): number => meanOfValues(found.map(of));
  return {
    values: found.map(value),
    beside: {
      'next 10 eigenvectors': over(({ next }) => meanOfValues(next)),
      'single inputs': over(({ inputs }) => inputs),
      'a random row': over(({ random }) => random),
      'first layer of the eigenvectors': over(({ firstLayer }) => meanOfValues(firstLayer)),
    },
    settings: { ...trainSettings(runs.map(({ run }) => run)), m, means: 'not centred' },
  };
}

/** Where the runs and probes of a case are, and what its two rows begin with. */
const cases = [
  { id: 'mixture', statement: 'Gaussian mixture (d = 100, σ = 0.1), softmax', uses: ['mixture', 'inMixture'] },
  { id: 'softmax', statement: 'MNIST, softmax', uses: ['softmax', 'inSoftmax'] },
  { id: 'network', statement: 'MNIST, FC 2×100, first layer', uses: ['network', 'inNetwork'] },
] as const;

/** Ben Arous et al.: where Hessian outliers and gradient point. */
export const classMeans = experiment({
  id: 'class-means',
  title: 'Outlier eigenvectors and gradient lie in the span of the class means',
  source: 'Ben Arous, Gheissari, Huang & Jagannath 2023, arXiv:2310.03010',
  data: 'mnist',
  about:
    'Rows of first-layer weights are vectors of the input space. The value is the share of their squared length in the span of the ten class means: of the top 10 Hessian eigenvectors (mean over them), and of the gradient, at the end of SGD. ' +
    'A random row has 10/d of it there; but rows made of inputs have more without knowing classes, as single inputs do, whose share stands beside and is the honest baseline for images, which all share a mean. Theirs is a theorem on Gaussian mixtures; in the noiseless model the share is 1 for the gradient and all k(k − 1) positive levels. The bound is ours.',
  needs: (scale) => {
    const [mixture, softmax, network] = [ofMixture(scale), ofImages(scale), alignedRuns(scale)];
    return {
      ...{ mixture, softmax, network },
      inMixture: alignments(mixture, scale),
      inSoftmax: alignments(softmax, scale),
      inNetwork: alignments(network, scale),
    };
  },
  claims: (claim) =>
    cases.flatMap(({ id, statement, uses }) => {
      const [runs, found] = uses;
      return [
        claim({
          id: `class-means-${id}-top`,
          statement: `${statement}: top 10 eigenvectors`,
          target: aligned,
          uses,
          measure: (results) => shares(results[runs], results[found], topMean),
        }),
        claim({
          id: `class-means-${id}-gradient`,
          statement: `${statement}: gradient`,
          target: aligned,
          uses,
          measure: (results) => shares(results[runs], results[found], gradient),
        }),
      ];
    }),
});
