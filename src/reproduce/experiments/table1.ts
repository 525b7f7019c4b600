import type { Claim, Experiment, Results, Scale } from '../experiment.js';
import { mean, overlapMeasurement } from '../train-row.js';
import type { TrainTask } from '../task.js';
import { fig1aRuns } from './fig1a.js';
import { seededRuns, setting, type Change } from './settings.js';

interface Row {
  readonly id: string;
  readonly statement: string;
  readonly change: Change;
  /** Of one run at full scale, on one core. */
  readonly seconds: number;
}

const seedsOf = { full: [1, 2, 3], quick: [1, 2] } as const;

function runsOf({ change, seconds }: Row, scale: Scale): TrainTask[] {
  return seededRuns(setting(change, scale), seedsOf[scale], scale === 'full' ? seconds : 3);
}

const documents = (results: Results, runs: readonly TrainTask[]) => runs.map((run) => results.of(run).result);

function claimOf(row: Row, paper: number): Claim {
  return {
    id: row.id,
    statement: row.statement,
    target: { kind: 'value', value: paper },
    tasks: (scale) => runsOf(row, scale),
    measure: (results, scale) => overlapMeasurement(documents(results, runsOf(row, scale))),
  };
}

const softmax: Row = {
  id: 'table1-softmax',
  statement: 'softmax regression',
  change: { model: 'softmax' },
  seconds: 30,
};
const softplus: Row = {
  id: 'table1-softplus',
  statement: 'FC 2×100, softplus',
  change: { activation: 'softplus' },
  seconds: 190,
};
const slow: Row = {
  id: 'table1-eta',
  statement: 'FC 2×100, η = 0.01',
  change: { schedule: { kind: 'constant', rate: 0.01 } },
  seconds: 190,
};
const large: Row = { id: 'table1-batch', statement: 'FC 2×100, batch 256', change: { batch: 256 }, seconds: 190 };
const random: Row = {
  id: 'table1-random',
  statement: 'FC 2×100, random labels',
  change: { data: { randomLabels: true } },
  seconds: 250,
};
const relu: Claim = {
  id: 'table1-relu',
  statement: 'FC 2×100, ReLU (Fig. 1; not in the table)',
  target: { kind: 'none' },
  tasks: fig1aRuns,
  measure: (results, scale) => overlapMeasurement(documents(results, fig1aRuns(scale))),
};

/** Table 1, the rows on MNIST. */
export const table1: Experiment = {
  id: 'table1',
  title: 'overlap(g, Hg) late in training, MNIST',
  source: 'Table 1',
  data: 'mnist',
  about:
    'Mean of overlap(g, Hg), taken every 10 of the last 1000 of 2814 steps: three epochs of batch 64, twelve of batch 256 ("a few epochs" in the paper). All 60,000 images, pixels in [0, 1], η = 0.1 and batch 64 unless said, initial weights uniform on ±1/√fan-in. ' +
    'overlap(g, Hg) is a proxy, 1 for a gradient along any single eigenvector; so beside it stand f_top(k) for k = 10, its value for a random direction, and the gap at the cut, all averaged over six measurements in those steps.',
  claims: [
    claimOf(softmax, 0.96),
    claimOf(softplus, 0.96),
    claimOf(slow, 0.96),
    claimOf(large, 0.97),
    claimOf(random, 0.86),
    relu,
  ],
};

const sine = (subspace: number): Row => ({
  id: 'table1-sine',
  statement: 'FC 2×100 on one sine period + N(0, 0.1²), batch 100',
  change: {
    loss: 'squared-error',
    batch: 100,
    steps: 3000,
    subspace,
    data: { source: 'sine:1000' },
  },
  seconds: 30,
});

/** Table 1, the regression. */
export const table1Sine: Experiment = {
  id: 'table1-sine',
  title: 'overlap(g, Hg) late in training, regression of a sine',
  source: 'Table 1',
  data: null,
  about:
    'As above, on 1000 samples of sin x + noise, x uniform on one period; 3000 steps of ½(squared error) with η = 0.1 (the paper does not say how many samples and steps, nor whether its loss has the ½). k = 1 output; the gradient lies in the top two eigenvectors.',
  claims: [
    {
      ...claimOf(sine(1), 0.99),
      tasks: (scale) => [...runsOf(sine(1), scale), ...runsOf(sine(2), scale)],
      measure: (results, scale) => {
        const two = documents(results, runsOf(sine(2), scale));
        return overlapMeasurement(documents(results, runsOf(sine(1), scale)), {
          'f_top(2)': mean(two.map(({ summary }) => summary.topFractionWindow!.mean)),
        });
      },
    },
  ],
};
