import { networkFigure } from '../../../figures/network.js';
import type { Claim, Experiment, ReproducedFigure, Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { lastPhase, mean, topFractionsIn } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { adam } from './convnet.js';
import { overlapClaim, overlapRuns, type OverlapRow } from './overlap-claim.js';
import { documentsOf, type Change, type Density } from './settings.js';

/** Three epochs of batch 64 on 50,000 images. */
const threeEpochs = 2346;

/** A full gradient and product take minutes on a core: overlap(g, Hg) ten times in the last 1000 steps, f_top twice. */
const density: Density = { measurements: 2, every: 100, accuracy: 1e-2 };
const hours = 3600;

const cifar = (model: string, change: Change = {}): Change => ({
  model,
  steps: threeEpochs,
  ...change,
  data: { source: 'cifar10', ...change.data },
});

const row = (id: string, statement: string, change: Change): OverlapRow => ({
  id,
  statement,
  change,
  density,
  seconds: 6 * hours,
  quickSeconds: 40,
});

/** Table 1, the rows on CIFAR-10. */
export const table1Cifar10: Experiment = {
  id: 'table1-cifar10',
  title: 'overlap(g, Hg) late in training, CIFAR-10',
  source: 'Table 1',
  data: 'cifar10',
  about:
    'As on MNIST, with the ConvNet of the Keras example on all 50,000 images, 2346 steps of batch 64: three epochs. Adam has the learning rate 0.001; dropout and batch normalisation are in evaluation mode where gradient and Hessian are measured. overlap(g, Hg) is taken every 100 of the last 1000 steps.',
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
      statement: `${network.statement}: f_top(10), mean over the last 1000 steps`,
      target: { kind: 'at least', bound: 0.9, says: 'close to 1' },
      tasks: runs,
      measure: (results, scale) => {
        const documents = documentsOf(results, runs(scale));
        return {
          values: documents.map((run) => mean(topFractionsIn(lastPhase(run)))),
          beside: {
            null: documents[0]!.summary.finalTopFraction.null,
            'training accuracy': mean(documents.map(({ summary }) => summary.finalAccuracy!)),
          },
          settings: trainSettings(documents.map(({ run }) => run)),
        };
      },
    },
    figure: {
      id: panel,
      tasks: (scale) => runs(scale).slice(0, 1),
      draw: (results, scale) => networkFigure(results.of(runs(scale)[0]!).result),
    },
  };
}

const measureEvery = [0, 50, 100, 200, 400, 800, 1200, 1600, 1800, 2000, 2200, threeEpochs];
const panels = [
  curves('fig1c', row('fig1c', 'ConvNet', cifar('convnet', { measureEvery }))),
  curves('fig1e', row('fig1e', 'ResNet-18', cifar('resnet18', { measureEvery }))),
];

/** Fig. 1c–f: the same curves on CIFAR-10. */
export const fig1Cifar10: Experiment = {
  id: 'fig1c-f',
  title: 'The gradient moves into the top 10 eigenvectors, CIFAR-10',
  source: 'Fig. 1c–f',
  data: 'cifar10',
  about:
    'ConvNet and ResNet-18 on all 50,000 images, batch 64, η = 0.1, three epochs. ResNet-18 needs 16 GB of memory.',
  claims: panels.map(({ claim }) => claim),
  figures: panels.map(({ figure }) => figure),
};
