import { networkFigure } from '../../../figures/network.js';
import type { TrainDocument } from '../../run/train-document.js';
import type { Claim, Experiment, Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { lastPhase, mean, phaseMeasurement, type Phase } from '../train-row.js';
import { documentsOf, seededRuns, setting } from './settings.js';

const steps = 28_000;
const thousands = Array.from({ length: steps / 1000 }, (_, i) => 1000 * (i + 1));

/** Random labels of 10,000 images, which the network can fit, measured from the first step to the last. */
function fitRuns(scale: Scale): TrainTask[] {
  const change = {
    data: { samples: 10_000, randomLabels: true },
    steps,
    window: { length: steps, every: 25 },
    measureEvery: [0, 100, 300, ...thousands],
  };
  return seededRuns(setting(change, scale), scale, 350, 15);
}

/** Thirty epochs of the labels of all images, of which it can fit only some. */
function longRuns(scale: Scale): TrainTask[] {
  const change = {
    data: { randomLabels: true },
    steps,
    window: { length: 1000, every: 20 },
    measureEvery: [3000, 7000, 14_000, 20_000, 27_333, 27_667, steps],
  };
  return seededRuns(setting(change, scale), scale, 350, 15);
}

/** The thousand steps up to the first full measurement with such a training accuracy; up to the last one where none has it. */
function fittedTo(accuracy: number, run: TrainDocument): Phase {
  const late = run.records.filter(({ step }) => step >= Math.min(1000, run.run.config.steps));
  const to = (late.find((record) => record.accuracy! >= accuracy) ?? late.at(-1)!).step;
  return { run, from: to - 1000, to };
}

function lastThousand(run: TrainDocument): Phase {
  return { ...lastPhase(run), from: run.run.config.steps - 1000 };
}

function phaseClaim(
  name: string,
  statement: string,
  runs: (scale: Scale) => TrainTask[],
  phaseOf: (run: TrainDocument) => Phase,
): Claim {
  return {
    id: `random-labels-${name}`,
    statement,
    target: { kind: 'value', value: 0.86 },
    variationOf: 'table1-random',
    tasks: runs,
    measure: (results, scale) => {
      const phases = documentsOf(results, runs(scale)).map(phaseOf);
      return phaseMeasurement(phases, { 'up to step': mean(phases.map(({ to }) => to)) });
    },
  };
}

/** The row of random labels in Table 1, along the whole fit. */
export const randomLabels: Experiment = {
  id: 'random-labels',
  title: 'Random labels along the fit, MNIST',
  source: 'Table 1',
  data: 'mnist',
  about:
    'The number in Table 1 depends on how far the labels are fitted, which the paper does not say. Three epochs of all 60,000 images (the row above) only begin to; here 28,000 steps on the first 10,000 images fit all of them. ' +
    'Means over the 1000 steps up to the first of the steps 1000, 2000, … at which the training accuracy is reached; overlap(g, Hg) every 25 steps. With all images, every 20 of the last 1000 of as many steps, thirty epochs.',
  claims: [
    ...[0.3, 0.6, 0.9].map((accuracy) =>
      phaseClaim(`accuracy-${100 * accuracy}`, `10,000 images, accuracy ${accuracy} reached`, fitRuns, (run) =>
        fittedTo(accuracy, run),
      ),
    ),
    phaseClaim('fitted', '10,000 images, last 1000 steps', fitRuns, lastThousand),
    phaseClaim('all-images', '60,000 images, last 1000 of 28,000 steps', longRuns, lastThousand),
  ],
  figures: [
    {
      id: 'random-labels',
      tasks: (scale) => fitRuns(scale).slice(0, 1),
      draw: (results, scale) => networkFigure(results.of(fitRuns(scale)[0]!).result),
    },
  ],
};
