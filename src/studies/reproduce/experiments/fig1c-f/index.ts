import { networkData } from '../../../../../figures/network-data.js';
import { networkFigure } from '../../../../../figures/network.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import { cifarRow, cifarSteps } from '../../shared/cifar10-rows.js';
import { lastPhase, meanOfValues, topFractionsIn } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const closeToOne = { kind: 'at least', bound: 0.9, says: 'close to 1' } as const;

const convnet = cifarRow(
  { id: 'fig1c-late', statement: 'ConvNet: f_top(10), mean over the last steps', target: closeToOne },
  { model: 'convnet', measureEvery: [0, 50, 200, 800, 1600, 2000, cifarSteps] },
);

/** Of ResNet-18, whose products take far longer still, less. */
const resnet = cifarRow(
  { id: 'fig1e-late', statement: 'ResNet-18: f_top(10), mean over the last steps', target: closeToOne },
  {
    model: 'resnet18',
    data: { samples: 500 },
    steps: 400,
    window: { length: 200, every: 40 },
    measureEvery: [0, 100, 300, 400],
  },
);

function late(runs: readonly TrainDocument[]): Measurement {
  return {
    values: runs.map((run) => meanOfValues(topFractionsIn(lastPhase(run)))),
    beside: {
      'random direction': runs[0]!.summary.finalTopFraction.null,
      'training accuracy': meanOfValues(runs.map(({ summary }) => summary.finalAccuracy!)),
    },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/** Fig. 1c–f: the same curves on CIFAR-10. */
export const fig1Cifar10 = experiment({
  id: 'fig1c-f',
  title: 'The gradient moves into the top 10 eigenvectors, CIFAR-10',
  source: 'Fig. 1c–f',
  data: 'cifar10',
  about:
    'ConvNet on the first 5000 images, 2346 steps, and ResNet-18 on the first 500, 400 steps, of batch 64 with η = 0.1, which is what a CPU measures in hours; f_top is averaged over the last 1000 steps, and 200. The quick run narrows ResNet-18.',
  needs: (scale) => ({ convnet: convnet.runs(scale), resnet: resnet.runs(scale) }),
  claims: (claim) => [
    claim({ ...convnet, uses: ['convnet'], measure: (found) => late(found.convnet) }),
    claim({ ...resnet, uses: ['resnet'], measure: (found) => late(found.resnet) }),
  ],
  figures: (figure) => [
    figure({ id: 'fig1c', uses: ['convnet'], data: (first) => networkData(first.convnet), draw: networkFigure }),
    figure({ id: 'fig1e', uses: ['resnet'], data: (first) => networkData(first.resnet), draw: networkFigure }),
  ],
});
