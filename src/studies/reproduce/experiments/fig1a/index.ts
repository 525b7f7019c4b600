import { networkData } from '../../../../../figures/network-data.js';
import { networkFigure } from '../../../../../figures/network.js';
import { knownTopFraction } from '../../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement } from '../../engine/experiment.js';
import { defaultRuns } from '../../shared/default-runs.js';
import { lastPhase, meanOfValues, recordsIn, topFractionError, topFractionsIn } from '../../shared/train-row.js';
import { trainSettings } from '../../shared/train-settings.js';

const random = (runs: readonly TrainDocument[]): number => runs[0]!.summary.finalTopFraction.null;

function late(runs: readonly TrainDocument[]): Measurement {
  const fractions = runs.map((run) => topFractionsIn(lastPhase(run)));
  return {
    values: fractions.map(meanOfValues),
    beside: {
      'random direction': random(runs),
      'known to ±': topFractionError(runs.flatMap((run) => recordsIn(lastPhase(run)))),
      'single steps': `${Math.min(...fractions.flat()).toFixed(2)} to ${Math.max(...fractions.flat()).toFixed(2)}`,
      'training accuracy': meanOfValues(runs.map(({ summary }) => summary.finalAccuracy!)),
      'test accuracy': meanOfValues(runs.map(({ summary }) => summary.finalTestAccuracy!)),
    },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

function atStart(runs: readonly TrainDocument[]): Measurement {
  const first = runs.map(({ records }) => records[0]!);
  return {
    values: first.map((record) => knownTopFraction(record).middle),
    beside: { 'random direction': random(runs), 'known to ±': topFractionError(first) },
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

/** Fig. 1a,b: f_top(10), loss and accuracy of the fully connected network. */
export const fig1a = experiment({
  id: 'fig1a',
  title: 'The gradient moves into the top 10 eigenvectors, MNIST',
  source: 'Fig. 1a,b',
  data: 'mnist',
  about:
    'FC 2×100, ReLU, batch 64, η = 0.1, all 60,000 images, three epochs. The paper shows curves; the bounds are ours, set before the runs.',
  needs: (scale) => ({ runs: defaultRuns(scale) }),
  claims: (claim) => [
    claim({
      id: 'fig1a-late',
      statement: 'f_top(10), mean over the last 1000 steps',
      target: { kind: 'at least', bound: 0.9, says: 'close to 1' },
      uses: ['runs'],
      measure: ({ runs }) => late(runs),
    }),
    claim({
      id: 'fig1a-start',
      statement: 'f_top(10) at the first step',
      target: { kind: 'at most', bound: 0.3, says: 'starts small' },
      uses: ['runs'],
      measure: ({ runs }) => atStart(runs),
    }),
  ],
  figures: (figure) => [
    figure({ id: 'fig1a', uses: ['runs'], data: ({ runs }) => networkData(runs), draw: networkFigure }),
  ],
});
