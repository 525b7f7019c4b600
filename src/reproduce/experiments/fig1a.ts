import { networkFigure } from '../../../figures/network.js';
import type { Experiment, Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { inWindow, mean } from '../train-row.js';
import { trainSettings } from '../train-settings.js';
import { seededRuns, setting } from './settings.js';

const seeds = { full: [1, 2, 3], quick: [1, 2] } as const;

/** Steps spaced evenly in the logarithm, two for each doubling, up to the last one. */
export function halfOctaves(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.round(last / 2 ** (i / 2))).reverse();
}

/** The steps of Fig. 2's maps. */
export const mapSteps = { full: halfOctaves(2814, 17), quick: halfOctaves(100, 7) } as const;

/** The default network on MNIST, with its weights at every measurement. */
export function fig1aRuns(scale: Scale): TrainTask[] {
  const base = setting({ keepWeights: 'all' }, scale);
  const steps = new Set([0, 1, 2, 4, 8, ...mapSteps[scale], ...(base.measureEvery as number[])]);
  const config = { ...base, measureEvery: [...steps].filter((step) => step <= base.steps).sort((a, b) => a - b) };
  return seededRuns(config, seeds[scale], scale === 'full' ? 480 : 6);
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
        const runs = fig1aRuns(scale).map((run) => results.of(run).result);
        const late = runs.flatMap((run) => inWindow(run).map(({ topFraction }) => topFraction.lower));
        return {
          values: runs.map((run) => mean(inWindow(run).map(({ topFraction }) => topFraction.lower))),
          beside: {
            null: runs[0]!.summary.finalTopFraction.null,
            'least and most of a single step': `${Math.min(...late).toFixed(2)} to ${Math.max(...late).toFixed(2)}`,
            'training accuracy': mean(runs.map(({ summary }) => summary.finalAccuracy!)),
            'test accuracy': mean(runs.map(({ summary }) => summary.finalTestAccuracy!)),
          },
          settings: trainSettings(runs.map(({ run }) => run)),
        };
      },
    },
    {
      id: 'fig1a-start',
      statement: 'f_top(10) at the first step',
      target: { kind: 'at most', bound: 0.3, says: 'starts small' },
      tasks: fig1aRuns,
      measure: (results, scale) => {
        const runs = fig1aRuns(scale).map((run) => results.of(run).result);
        return {
          values: runs.map(({ records }) => records[0]!.topFraction.lower),
          beside: { null: runs[0]!.summary.finalTopFraction.null },
          settings: trainSettings(runs.map(({ run }) => run)),
        };
      },
    },
  ],
  figures: [
    {
      id: 'fig1a',
      tasks: (scale) => fig1aRuns(scale).slice(0, 1),
      draw: (results, scale) => networkFigure(results.of(fig1aRuns(scale)[0]!).result),
    },
  ],
};
