import { networkData } from '../../../../../figures/network-data.js';
import { networkFigure } from '../../../../../figures/network.js';
import type { TrainDocument } from '../../../../train/train-document.js';
import { experiment } from '../../engine/declare.js';
import type { Measurement, Scale, Statement } from '../../engine/experiment.js';
import type { TrainTask } from '../../engine/task.js';
import { seededRuns } from '../../shared/seeded.js';
import { setting } from '../../shared/settings.js';
import { lastPhase, phaseMeasurement, type Phase } from '../../shared/train-row.js';

const steps = 28_000;
const quarters = Array.from({ length: steps / 250 }, (_, i) => 250 * (i + 1));

/** Random labels of 10,000 images, which the network can fit, measured from the first step to the last. */
function fitRuns(scale: Scale): TrainTask[] {
  const change = {
    data: { samples: 10_000, randomLabels: true },
    steps,
    window: { length: steps, every: 25 },
    measureEvery: [0, 100, ...quarters],
  };
  return seededRuns(setting(change, scale), scale === 'full' ? 600 : 15);
}

/** Thirty epochs of the labels of all images, of which it can fit only some. */
function longRuns(scale: Scale): TrainTask[] {
  const change = {
    data: { randomLabels: true },
    steps,
    window: { length: 1000, every: 20 },
    measureEvery: [3000, 7000, 14_000, 20_000, 27_333, 27_667, steps],
  };
  return seededRuns(setting(change, scale), scale === 'full' ? 350 : 15);
}

/** A phase of a run, and whether it is the one that was looked for. */
interface FoundPhase extends Phase {
  readonly reached: boolean;
}

/** The thousand steps up to the first full measurement with such a training accuracy; up to the last one where none has it. */
function fittedTo(accuracy: number, run: TrainDocument): FoundPhase {
  const late = run.records.filter(({ step }) => step >= Math.min(1000, run.run.config.steps));
  const fitted = late.find((record) => record.accuracy! >= accuracy);
  const to = (fitted ?? late.at(-1)!).step;
  return { run, from: to - 1000, to, reached: fitted !== undefined };
}

function lastThousand(run: TrainDocument): FoundPhase {
  return { ...lastPhase(run), from: run.run.config.steps - 1000, reached: true };
}

const row = (name: string, statement: string): Statement => ({
  id: `random-labels-${name}`,
  statement,
  target: { kind: 'value', value: 0.86 },
  variationOf: 'table1-random',
});

function inPhases(phases: readonly FoundPhase[]): Measurement {
  return phaseMeasurement(phases, {
    'up to step': phases.map(({ to, reached }) => (reached ? String(to) : `${to}, not reached`)).join('; '),
  });
}

/** The row of random labels in Table 1, along the whole fit. */
export const randomLabels = experiment({
  id: 'random-labels',
  title: 'Random labels along the fit, MNIST',
  source: 'Table 1',
  data: 'mnist',
  about:
    'The number in Table 1 depends on how far the labels are fitted, which the paper does not say. Three epochs of all 60,000 images (the row above) only begin to; the first 10,000 can be fitted, in 28,000 steps here. ' +
    'Means over the 1000 steps up to the first of the steps 1000, 1250, … at which the training accuracy is reached: overlap(g, Hg) every 25 steps, f_top at four of them. With all images, every 20 of the last 1000 of as many steps, thirty epochs, and f_top at three of them.',
  needs: (scale) => ({ fit: fitRuns(scale), long: longRuns(scale) }),
  claims: (claim) => [
    ...[0.3, 0.6, 0.9].map((accuracy) =>
      claim({
        ...row(`accuracy-${100 * accuracy}`, `10,000 images, accuracy ${accuracy} reached`),
        uses: ['fit'],
        measure: ({ fit }) => inPhases(fit.map((run) => fittedTo(accuracy, run))),
      }),
    ),
    claim({
      ...row('fitted', '10,000 images, last 1000 steps'),
      uses: ['fit'],
      measure: ({ fit }) => inPhases(fit.map(lastThousand)),
    }),
    claim({
      ...row('all-images', '60,000 images, last 1000 of 28,000 steps'),
      uses: ['long'],
      measure: ({ long }) => inPhases(long.map(lastThousand)),
    }),
  ],
  figures: (figure) => [
    figure({ id: 'random-labels', uses: ['fit'], data: ({ fit }) => networkData(fit), draw: networkFigure }),
  ],
});
