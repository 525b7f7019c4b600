import { UsageError } from '../../../errors.js';
import { isObject } from '../../../files/json-object.js';
import { standardOptimizer, type Optimizer } from '../../../train/optimizer.js';
import { scheduleOf } from '../../../train/schedule-text.js';
import { trainDefaults, trainJsonSchema } from '../../../train/train-config.js';
import type { CommandSetting, SettingValue } from '../command.js';

/** `all` means what null means. */
const orAll = (value: SettingValue): unknown => (value === 'all' ? null : value);

/** `0,1,7`, or a list. */
const numbers = (value: SettingValue): unknown => (typeof value === 'string' ? value.split(',').map(Number) : value);
const words = (value: SettingValue): unknown => (typeof value === 'string' ? value.split(',') : value);

/** The settings of a run of `train` by the names of its options. */
const options: Readonly<Record<string, CommandSetting>> = {
  model: { path: 'model' },
  backend: { path: 'backend' },
  activation: { path: 'activation' },
  bias: { path: 'bias' },
  loss: { path: 'loss' },
  init: { path: 'initialisation' },
  initFrom: { path: 'initFrom' },
  initMap: { path: 'initMap' },
  data: { path: 'data.source' },
  samples: { path: 'data.samples', read: orAll },
  subset: { path: 'data.subset' },
  classes: { path: 'data.classes', read: numbers },
  randomLabels: { path: 'data.randomLabels' },
  pixels: { path: 'data.pixels' },
  optimizer: { path: 'optimizer', read: (value) => optimizerOf(value) },
  momentum: { path: 'optimizer.momentum' },
  weightDecay: { path: 'optimizer.weightDecay' },
  lr: { path: 'schedule.rate' },
  schedule: { path: 'schedule', read: scheduleAs },
  warmup: { path: 'warmup' },
  batch: { path: 'batch', read: orAll },
  steps: { path: 'steps' },
  stopLoss: { path: 'stop.loss' },
  stopEvery: { path: 'stop.every' },
  stopTime: { path: 'stop.time' },
  measureFrom: { path: 'measureFrom' },
  measureEvery: {
    path: 'measureEvery',
    read: (value) => (typeof value === 'string' && value !== 'log' ? numbers(value) : value),
  },
  follow: { path: 'follow.direction' },
  followFrom: { path: 'follow.from' },
  followSwitch: { path: 'follow.switch', read: switchOf },
  refresh: { path: 'follow.refresh' },
  subspace: { path: 'subspace' },
  top: { path: 'top' },
  basis: { path: 'basis' },
  effort: { path: 'effort' },
  tolerance: { path: 'tolerance' },
  accuracy: { path: 'accuracy' },
  dtype: { path: 'precision' },
  threads: { path: 'threads' },
  window: { path: 'window.length' },
  parameters: { path: 'parameters', read: words },
  updates: { path: 'updates' },
  noiseNull: { path: 'noiseNull' },
  keepWeights: { path: 'keepWeights' },
  seed: { path: 'seed' },
};

function optimizerOf(kind: SettingValue): Optimizer {
  if (typeof kind === 'string') return standardOptimizer(kind as Optimizer['kind']);
  throw new UsageError(`an optimizer is chosen by its name, received ${JSON.stringify(kind)}; for example sgd`);
}

/** As the command line writes it, with the rate that the configuration has. */
function scheduleAs(text: SettingValue, config: object): unknown {
  if (typeof text !== 'string') return text;
  const { schedule } = config as { readonly schedule?: unknown };
  const rate = isObject(schedule) ? schedule.rate : undefined;
  return scheduleOf(text, typeof rate === 'number' ? rate : trainDefaults.schedule.rate);
}

/** The threshold, beside the factor that the configuration has, or that of the command line. */
function switchOf(threshold: SettingValue, config: object): unknown {
  if (threshold === null) return null;
  const { follow } = config as { readonly follow?: unknown };
  const before = isObject(follow) && isObject(follow.switch) ? follow.switch : {};
  return { factor: 0.9, ...before, threshold };
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The paths of a configuration at which there is one value: not those of rules, which are chosen as a whole. */
function pathsIn(schema: JsonSchema): string[] {
  const alternatives = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const entries = alternatives.flatMap(({ properties = {} }) => Object.entries(properties));
  const paths = entries.flatMap(([key, part]) => {
    if (key === 'kind') return [];
    const inner = pathsIn(part);
    return inner.length === 0 ? [key] : inner.map((path) => `${key}.${path}`);
  });
  return [...new Set(paths)];
}

/** By the names of options, and by paths. A path that an option leads to means the same. */
export const trainOptionSettings: ReadonlyMap<string, CommandSetting> = new Map([
  ...pathsIn(trainJsonSchema() as JsonSchema).map((path): [string, CommandSetting] => [
    path,
    Object.values(options).find((setting) => setting.path === path) ?? { path },
  ]),
  ...Object.entries(options),
]);
