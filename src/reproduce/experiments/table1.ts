import { trainDefaults, type TrainConfig } from '../../run/train-config.js';
import type { TrainDocument } from '../../run/train-document.js';
import type { Claim, Experiment, Measurement, Results, Scale } from '../experiment.js';
import type { TrainTask } from '../task.js';
import { trainSettings } from '../train-settings.js';
import { seededRuns } from './seeds.js';

/** Three epochs of batch 64 on 60,000 images. */
const steps = 2814;

type Change = Partial<Omit<TrainConfig, 'data' | 'seed'>> & { readonly data?: Partial<TrainConfig['data']> };

/** Fig. 1's network and training, with overlap(g, Hg) every ten of the last 1000 steps and everything else six times in them. */
function configOf({ data, ...change }: Change, scale: Scale): Omit<TrainConfig, 'seed'> {
  const length = scale === 'full' ? 1000 : 40;
  const last = change.steps ?? steps;
  const shown = scale === 'full' ? last : 100;
  return {
    ...trainDefaults,
    top: 11,
    accuracy: 1e-3,
    keepWeights: 'last',
    window: { length, every: 10 },
    ...change,
    steps: shown,
    measureEvery: [0, 1, 2, 3, 4, 5].map((i) => Math.max(0, Math.round(shown - (i * length) / 5) + (i === 5 ? 1 : 0))),
    data: { ...trainDefaults.data, ...(scale === 'quick' && change.model !== undefined ? {} : {}), ...data },
  };
}

interface RowSpec {
  readonly id: string;
  readonly statement: string;
  readonly paper: number;
  readonly change: Change;
  readonly seconds: number;
}

const rows: readonly RowSpec[] = [
  { id: 'table1-softmax', statement: 'softmax regression', paper: 0.96, change: { model: 'softmax' }, seconds: 100 },
];

function runsOf({ change, seconds }: RowSpec, scale: Scale): TrainTask[] {
  const config = configOf(change, scale);
  const small = { ...config, data: { ...config.data, samples: 1000 } };
  return scale === 'full' ? seededRuns(config, seconds) : seededRuns(small, 2);
}

function claimOf(spec: RowSpec): Claim {
  const { id, statement, paper } = spec;
  return {
    id,
    statement,
    target: { kind: 'value', value: paper },
    tasks: (scale) => runsOf(spec, scale),
    measure: (results, scale) => measured(results, runsOf(spec, scale)),
  };
}

function measured(results: Results, tasks: readonly TrainTask[]): Measurement {
  const runs = tasks.map((task) => results.of(task).result);
  return {
    values: runs.map(({ summary }) => summary.overlapWindow!.mean),
    beside: beside(runs),
    settings: trainSettings(runs.map(({ run }) => run)),
  };
}

function beside(runs: readonly TrainDocument[]): Record<string, number> {
  const mean = (of: (run: TrainDocument) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    'f_top(k)': mean(({ summary }) => summary.topFractionWindow!.mean),
    null: mean(({ summary }) => summary.finalTopFraction.null),
  };
}

export const table1: Experiment = {
  id: 'table1',
  title: 'overlap(g, Hg) late in training',
  source: 'Table 1',
  data: 'mnist',
  about: 'Mean overlap(g, Hg) over the last 1000 steps.',
  claims: rows.map(claimOf),
};
