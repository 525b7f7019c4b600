import { z } from 'zod';
import type { RunsStudy } from '../../simulate/index.js';
import {
  checkSimulation,
  descentMethods,
  hasManyRuns,
  simulation,
  simulationDefaults,
  simulationRanges,
  unusedInSimulation,
  type SimulateDocument,
  type SimulationSettings,
} from '../../simulate/simulation.js';
import { sweptCommand } from '../command.js';
import type { Cell, ResultColumn } from '../table.js';
import { flatCommand, integerWithin, numberWithin, seedSchema } from './flat-command.js';
import { numberColumns } from './number-columns.js';

const r = simulationRanges;
const schema = z.strictObject({
  classes: integerWithin(r.classes),
  dim: integerWithin(r.dim),
  noise: numberWithin(r.noise),
  method: z.enum(descentMethods as [(typeof descentMethods)[number]]),
  margin: numberWithin(r.margin),
  lr: numberWithin(r.lr),
  steps: integerWithin(r.steps),
  every: integerWithin(r.every),
  batch: integerWithin(r.batch),
  samples: integerWithin(r.samples),
  online: z.boolean(),
  refresh: integerWithin(r.refresh),
  runs: integerWithin(r.runs),
  seed: seedSchema,
});

type SimulateConfig = z.infer<typeof schema>;

const settingsOf = ({ lr, ...rest }: SimulateConfig): SimulationSettings => ({ ...rest, learningRate: lr });

const step: ResultColumn = { name: 'step', type: 'integer', meaning: 'steps made so far' };

const columns = numberColumns({
  time: 'flow time: learning rate times steps',
  margin: '⟨W, B⟩/‖B‖²; with runs, of the path without noise',
  loss: 'loss, of the data set, or of the population',
  'topFraction.lower': 'f_top(k): lower end; with runs, of the path without noise',
  'topFraction.upper': 'f_top(k): upper end; with runs, of the path without noise',
  stability: 'η λ_max',
});

const studyColumns: readonly ResultColumn[] = [
  { name: 'quantity', type: 'string', meaning: 'with runs: what is predicted and measured' },
  ...numberColumns({
    'predicted.lower': 'what the noise of SGD makes of it, to leading order in η/b: lower end',
    'predicted.upper': 'the same: upper end',
    measured: 'mean over the runs',
    standardError: 'of that mean',
    z: '(measured − predicted)/standardError; none where nothing is random',
  }),
];

/** Descent in the model, a row for each record; with `runs`, for each record and quantity. */
export const simulateSwept = sweptCommand<SimulateConfig, SimulateDocument | RunsStudy>({
  name: 'simulate',
  ...flatCommand<SimulateConfig>({
    schema,
    defaults: () => {
      const { learningRate: lr, ...rest } = simulationDefaults;
      return { ...rest, lr };
    },
    unused: unusedInSimulation,
    check: (config) => {
      checkSimulation(settingsOf(config));
    },
  }),
  titleOf: ({ method, classes, dim, noise, seed }) => `${method} ${classes} ${dim} ${noise} seed ${seed}`,
  estimate: (config) => Promise.resolve({ seconds: secondsOf(config), memory: 0 }),
  work: {
    name: 'simulate',
    revision: 1,
    keepsFolder: false,
    run: ({ config }, { onProgress }) => {
      const settings = settingsOf(config);
      const all = hasManyRuns(settings) ? settings.runs : settings.steps;
      return simulation(settings, (done) => {
        onProgress(done / all);
      });
    },
  },
  by: ['step', 'quantity'],
  shown: ['margin', 'loss', 'topFraction', 'predicted', 'measured', 'standardError'],
  columns: (configs) => [
    step,
    ...columns,
    ...(configs.some((config) => hasManyRuns(settingsOf(config))) ? studyColumns : []),
  ],
  rows: (document) => ('runs' in document ? document.records.flatMap(studyRows) : document.records.map(recordRow)),
});

/** Multiply-adds at 10⁹ a second: of steps, of records, and of what is followed. */
function secondsOf({ classes, dim, method, steps, every, batch, samples, refresh, runs }: SimulateConfig): number {
  const weights = classes * dim;
  const records = steps / every + 1;
  if (method === 'gd') return 0.1 + 0.01 * records;
  if (runs > 1) return 2 + 1e-9 * runs * (steps * batch * weights * 4 + records * 20 * weights ** 3);
  const searches = records + (method === 'sgd' ? 0 : steps / refresh);
  return 0.1 + 1e-9 * (steps * batch * weights * 4 + searches * 60 * samples * weights * 4);
}

function recordRow({
  topFraction: { lower, upper },
  ...record
}: SimulateDocument['records'][number]): Record<string, Cell> {
  return { ...record, 'topFraction.lower': lower, 'topFraction.upper': upper };
}

function studyRows(record: RunsStudy['records'][number]): Record<string, Cell>[] {
  const { step: made, time, margin, flowTopFraction: flow, quantities } = record;
  return quantities.map(({ name, predicted, measured, standardError, z: score }) => ({
    step: made,
    time,
    margin,
    'topFraction.lower': flow.lower,
    'topFraction.upper': flow.upper,
    quantity: name,
    'predicted.lower': predicted.lower,
    'predicted.upper': predicted.upper,
    measured,
    standardError,
    z: score,
  }));
}
