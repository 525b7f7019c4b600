import { networkData } from '../../../../figures/network-data.js';
import { networkFigure } from '../../../../figures/network.js';
import { reproducedFigure, type Experiment, type Measurement, type Scale } from '../experiment.js';
import { knownTopFraction } from '../../../train/known-top-fraction.js';
import type { TrainDocument } from '../../../train/train-document.js';
import type { TrainTask } from '../task.js';
import { lastPhase, mean, recordsIn, topFractionError, topFractionsIn } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { documentsOf, seededRuns, setting, threeEpochs } from './settings.js';

/** Steps spaced evenly in the logarithm, two for each doubling, up to the last one. */
export function halfOctaves(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(last / 2 ** (i / 2))).reverse();
}

/** The steps of Fig. 2's maps. */
export const mapSteps = { full: halfOctaves(threeEpochs, 11), quick: halfOctaves(60, 5) } as const;

/** Besides them, those that show the beginning and the end of the curves. */
const curveSteps = { full: [0, 16, 44, 600, 800, 1200, 1600, 1800], quick: [0] } as const;

/** The default network on MNIST, with its weights at every measurement. */
export function fig1aRuns(scale: Scale): TrainTask[] {
  const base = setting({ keepWeights: 'all' }, scale);
  const steps = new Set([...curveSteps[scale], ...mapSteps[scale], ...(base.measureEvery as number[])]);
  const config = { ...base, measureEvery: [...steps].sort((a, b) => a - b) };
  return seededRuns(config, scale, 510, 20);
}

function measured(runs: readonly TrainDocument[]): Pick<Measurement, 'settings'> & { readonly random: number } {
  return { random: runs[0]!.summary.finalTopFraction.null, settings: trainSettings(runs.map(({ run }) => run)) };
}

/** Fig. 1a,b: f_top(10), loss and accuracy of the fully connected network. */
export const fig1a: Experiment = {
  id: 'fig1a',
  title: 'The gradient moves into the top 10 eigenvectors, MNIST',
  source: 'Fig. 1a,b',
  data: 'mnist',
  about:
    'FC 2×100, ReLU, batch 64, η = 0.1, all 60,000 images, three epochs. The paper shows curves; the bounds are ours, set before the runs.',
  claims: [
    {
      id: 'fig1a-late',
      statement: 'f_top(10), mean over the last 1000 steps',
      target: { kind: 'at least', bound: 0.9, says: 'close to 1' },
      tasks: fig1aRuns,
      measure: (results, scale) => {
        const runs = documentsOf(results, fig1aRuns(scale));
        const late = runs.map((run) => topFractionsIn(lastPhase(run)));
        const { random, settings } = measured(runs);
        return {
          values: late.map(mean),
          beside: {
            'random direction': random,
            'known to ±': topFractionError(runs.flatMap((run) => recordsIn(lastPhase(run)))),
            'single steps': `${Math.min(...late.flat()).toFixed(2)} to ${Math.max(...late.flat()).toFixed(2)}`,
            'training accuracy': mean(runs.map(({ summary }) => summary.finalAccuracy!)),
            'test accuracy': mean(runs.map(({ summary }) => summary.finalTestAccuracy!)),
          },
          settings,
        };
      },
    },
    {
      id: 'fig1a-start',
      statement: 'f_top(10) at the first step',
      target: { kind: 'at most', bound: 0.3, says: 'starts small' },
      tasks: fig1aRuns,
      measure: (results, scale) => {
        const runs = documentsOf(results, fig1aRuns(scale));
        const { random, settings } = measured(runs);
        return {
          values: runs.map(({ records }) => knownTopFraction(records[0]!).middle),
          beside: {
            'random direction': random,
            'known to ±': topFractionError(runs.map(({ records }) => records[0]!)),
          },
          settings,
        };
      },
    },
  ],
  figures: [
    reproducedFigure({
      id: 'fig1a',
      tasks: (scale) => fig1aRuns(scale).slice(0, 1),
      data: (results, scale) => networkData(results.of(fig1aRuns(scale)[0]!).result),
      draw: networkFigure,
    }),
  ],
};
