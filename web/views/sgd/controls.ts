import type { ChoiceControl, NumberControl, ReadSettings, Settings } from '../../core/controls.js';
import type { DescentMethod } from '../../../src/studies/simulate/descent-config.js';
import type { LiveConfig, LiveSetting } from '../../../src/studies/simulate/live-runs.js';

export const methodNames: Readonly<Record<DescentMethod, string>> = {
  gd: 'GD',
  sgd: 'SGD',
  'dom-sgd': 'Dom-SGD',
  'bulk-sgd': 'Bulk-SGD',
};

const count = (label: string, help: string, min: number, max: number, initial: number): NumberControl => ({
  ...{ kind: 'number', scale: 'log', isInteger: true, label, help, min, max, initial },
});

const method: ChoiceControl<DescentMethod> = {
  kind: 'choice',
  label: 'method',
  help: 'GD follows the whole gradient, SGD that of a batch, Dom-SGD its part in the top space, Bulk-SGD the rest of it. May be changed while it trains.',
  options: methodNames,
  initial: 'sgd',
};

export const sgdControls = {
  method,
  lr: {
    kind: 'number',
    label: 'learning rate',
    symbol: 'η',
    help: 'How far a step goes. May be changed while it trains.',
    min: 0.01,
    max: 10,
    scale: 'log',
    initial: 0.5,
  },
  batch: {
    ...count('batch', 'Fresh samples for each step. May be changed while it trains.', 1, 4096, 16),
    symbol: 'b',
  },
  noise: {
    kind: 'number',
    label: 'noise of the data',
    symbol: 'σ',
    help: 'How far samples scatter about their class mean. Begins anew.',
    min: 0.1,
    max: 1,
    scale: 'log',
    initial: 0.4,
  },
  margin: {
    kind: 'number',
    label: 'margin at the start',
    symbol: 'α',
    help: 'The run begins at W = αB, where right scores exceed wrong ones by α; 0 is W = 0.',
    min: 0,
    max: 20,
    scale: 'linear',
    initial: 0,
  },
  classes: { ...count('classes', 'How many kinds of things are told apart.', 2, 12, 3), symbol: 'k' },
  dim: { ...count('features', 'Numbers in each sample, at least one for each class.', 2, 60, 6), symbol: 'd' },
  runs: count('runs', 'Trained side by side; dots are their mean, bars its standard error.', 2, 32, 8),
  steps: count('steps', 'Where the runs end.', 10, 20_000, 1500),
  seed: count('seed', 'Of all samples: the same seed gives the same numbers.', 1, 1000, 1),
} as const satisfies Record<string, NumberControl | ChoiceControl<DescentMethod>>;

export type SgdSettings = Settings<typeof sgdControls>;

/** Settings that fit each other: d ≥ k, a start before the optimal margin, and no more weights than can be followed live. */
export function fit(settings: SgdSettings): ReadSettings<typeof sgdControls> {
  const said: string[] = [];
  let { dim, margin, runs } = settings;
  const { classes, noise } = settings;
  if (dim < classes) {
    dim = classes;
    said.push(`each class needs a feature of its own: there are ${dim} now`);
  }
  const optimal = Number((1 / noise ** 2).toPrecision(3));
  if (margin > 1 / noise ** 2) {
    margin = Math.min(optimal, Math.floor(1000 / noise ** 2) / 1000);
    said.push(`the run starts at the optimal margin 1/σ² = ${margin} at most`);
  }
  const most = classes > 4 ? 4 : classes === 4 ? 8 : 32;
  if (runs > most) {
    runs = most;
    said.push(`with ${classes} classes ${most} runs can be followed live`);
  }
  return { settings: { ...settings, dim, margin, runs }, said };
}

export const configOf = ({ classes, dim, noise, margin, runs, seed }: SgdSettings): LiveConfig => ({
  ...{ classes, dim, noise, margin, runs, seed },
  refresh: 10,
});

export const settingOf = ({ method: followed, lr, batch }: SgdSettings): LiveSetting => ({
  method: followed,
  learningRate: lr,
  batch,
});

/** About so many steps up to the last, evenly on a logarithmic axis. */
export function recordedSteps(last: number, many = 70): number[] {
  return [...new Set(Array.from({ length: many + 1 }, (_, i) => Math.round(last ** (i / many))))];
}
