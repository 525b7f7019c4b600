import { networkData } from '../../../../figures/network-data.js';
import { networkFigure } from '../../../../figures/network.js';
import { reproducedFigure, type Claim, type Experiment, type ReproducedFigure, type Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { lastPhase, mean, topFractionsIn } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { adam } from './convnet.js';
import { overlapClaim, overlapRuns, type OverlapRow } from './overlap-claim.js';
import { documentsOf, type Change, type Density } from './settings.js';

/** As many as three epochs of batch 64 on all 50,000 images. */
const steps = 2346;

/** Of all images a product of the ConvNet takes minutes on a core, and f_top some eighty of them: so 5000 images. */
const images = 5000;
const density: Density = { measurements: 2, every: 20, accuracy: 1e-2 };
const hours = 3600;

const cifar = (model: string, change: Change = {}): Change => ({
  model,
  steps,
  ...change,
  data: { source: 'cifar10', samples: images, ...change.data },
});

const row = (id: string, statement: string, change: Change): OverlapRow => ({
  id,
  statement,
  change,
  density,
  seconds: 1.5 * hours,
  quickSeconds: 40,
});

/** Table 1, the rows on CIFAR-10. */
export const table1Cifar10: Experiment = {
  id: 'table1-cifar10',
  title: 'overlap(g, Hg) late in training, CIFAR-10',
  source: 'Table 1',
  data: 'cifar10',
  about:
    'As on MNIST, with the ConvNet of the Keras example on the first 5000 images, 2346 steps of batch 64, as many as three epochs of all 50,000: on a CPU their Hessian products take minutes each. Adam has the learning rate 0.001; dropout and batch normalisation are in evaluation mode where gradient and Hessian are measured. overlap(g, Hg) is taken every 20 of the last 1000 steps.',
  claims: [
    overlapClaim(
      row('table1-cifar10-random', 'ConvNet, random labels', cifar('convnet', { data: { randomLabels: true } })),
      0.86,
    ),
    overlapClaim(
      row(
        'table1-cifar10-regularised',
        'ConvNet, dropout + batch normalisation + one more dense layer',
        cifar('convnet-regularised'),
      ),
      0.93,
    ),
    overlapClaim(
      row(
        'table1-cifar10-adam',
        'ConvNet, Adam',
        cifar('convnet', { optimizer: adam, schedule: { kind: 'constant', rate: 1e-3 } }),
      ),
      0.89,
    ),
  ],
};

/** f_top(10) late in training, and the curves. */
function curves(panel: string, network: OverlapRow): { readonly claim: Claim; readonly figure: ReproducedFigure } {
  const runs = (scale: Scale): TrainTask[] => overlapRuns(network, scale);
  return {
    claim: {
      id: `${panel}-late`,
      statement: `${network.statement}: f_top(10), mean over the last steps`,
      target: { kind: 'at least', bound: 0.9, says: 'close to 1' },
      tasks: runs,
      measure: (results, scale) => {
        const documents = documentsOf(results, runs(scale));
        return {
          values: documents.map((run) => mean(topFractionsIn(lastPhase(run)))),
          beside: {
            'random direction': documents[0]!.summary.finalTopFraction.null,
            'training accuracy': mean(documents.map(({ summary }) => summary.finalAccuracy!)),
          },
          settings: trainSettings(documents.map(({ run }) => run)),
        };
      },
    },
    figure: reproducedFigure({
      id: panel,
      tasks: (scale) => runs(scale).slice(0, 1),
      data: (results, scale) => networkData(results.of(runs(scale)[0]!).result),
      draw: networkFigure,
    }),
  };
}

const curveSteps = [0, 50, 200, 800, 1600, 2000, steps];

/** Of ResNet-18, whose products take far longer still. */
const few: Change = {
  data: { samples: 500 },
  steps: 400,
  window: { length: 200, every: 40 },
  measureEvery: [0, 100, 300, 400],
};
const panels = [
  curves('fig1c', row('fig1c', 'ConvNet', cifar('convnet', { measureEvery: curveSteps }))),
  curves('fig1e', row('fig1e', 'ResNet-18', cifar('resnet18', few))),
];

/** Fig. 1c–f: the same curves on CIFAR-10. */
export const fig1Cifar10: Experiment = {
  id: 'fig1c-f',
  title: 'The gradient moves into the top 10 eigenvectors, CIFAR-10',
  source: 'Fig. 1c–f',
  data: 'cifar10',
  about:
    'ConvNet on the first 5000 images, 2346 steps, and ResNet-18 on the first 500, 400 steps, of batch 64 with η = 0.1, which is what a CPU measures in hours; f_top is averaged over the last 1000 steps, and 200. The quick run narrows ResNet-18.',
  claims: panels.map(({ claim }) => claim),
  figures: panels.map(({ figure }) => figure),
};
