import type { ReadSettings, Settings, ViewControls } from '../../core/controls.js';

/** Named as the options of `solve` where it has them. */
export const modelControls = {
  classes: {
    kind: 'number',
    label: 'classes',
    symbol: 'k',
    help: 'How many kinds of things the classifier tells apart; the claim is about the k steepest directions.',
    min: 2,
    max: 1000,
    scale: 'log',
    isInteger: true,
    initial: 10,
  },
  dim: {
    kind: 'number',
    label: 'input features',
    symbol: 'd',
    help: 'Numbers in one input, at least k. There are k·d weights in all.',
    min: 2,
    max: 2000,
    scale: 'log',
    isInteger: true,
    initial: 50,
  },
  noise: {
    kind: 'number',
    label: 'noise in the data',
    symbol: 'σ',
    help: 'How far inputs scatter about the mean of their class, over the length of that mean. 0: not at all.',
    min: 0,
    max: 1,
    scale: 'linear',
    initial: 0.3,
  },
  rho: {
    kind: 'number',
    label: 'likeness of the classes',
    symbol: 'ρ',
    help: 'Inner product of the means of two classes: 0 for orthogonal ones, −1/(k−1) for those farthest apart.',
    min: -0.5,
    max: 0.9,
    scale: 'linear',
    initial: 0,
  },
  sgd: {
    kind: 'choice',
    label: 'gradient from',
    help: 'All of the data at each step, or a few samples, which adds the noise of SGD.',
    options: { off: 'all data', on: 'SGD' },
    initial: 'off',
  },
  'eta-over-b': {
    kind: 'number',
    label: 'rate over batch',
    symbol: 'η/b',
    help: 'Learning rate over batch size: how strong the noise of SGD is.',
    min: 1e-6,
    max: 1,
    scale: 'log',
    initial: 1e-3,
  },
  against: {
    kind: 'choice',
    label: 'along',
    help: 'What the charts run along: time, or how far the weights have grown.',
    options: { time: 'training time t', margin: 'margin α' },
    initial: 'time',
  },
  times: {
    kind: 'number',
    label: 'look at time',
    symbol: 't',
    help: 'Learning rate times steps. A click into a chart sets it as well.',
    min: 0.01,
    max: 1e12,
    scale: 'log',
    initial: 50,
  },
  margin: {
    kind: 'number',
    label: 'look at margin',
    symbol: 'α/α*',
    help: 'The size of the weights; 1 is the best classifier, α* = 1/σ². Without noise there is none, and 1 means α = 20.',
    min: 0,
    max: 1,
    scale: 'linear',
    initial: 0.3,
  },
  scale: {
    kind: 'choice',
    label: 'eigenvalues',
    help: 'As they are, or over that of the gradient, which is then a level line: what is above it is steeper.',
    options: { absolute: 'as they are', relative: 'relative' },
    initial: 'absolute',
  },
} as const satisfies ViewControls;

export type ModelControls = typeof modelControls;
export type ModelSettings = Settings<ModelControls>;

/** What has no solution is moved to the nearest that has one. */
export function fitModel(asked: ModelSettings): ReadSettings<ModelControls> {
  const said: string[] = [];
  const { classes, sgd } = asked;
  let { dim, noise, rho } = asked;
  if (dim < classes) {
    said.push(`${classes} means need as many features: d = ${classes} is shown`);
    dim = classes;
  }
  const least = sgd === 'on' ? 0.05 : 0.01;
  if (noise > 0 && noise < least) {
    said.push(
      `between 0 and ${least} σ is not solved${sgd === 'on' ? ' with the noise of SGD' : ''}: ${least} is shown; 0 is at the left end, with the key Home`,
    );
    noise = least;
  }
  const smallest = -1 / (classes - 1);
  if (noise === 0 && rho !== 0) {
    said.push('without noise ρ changes nothing but the scale: 0 is shown');
    rho = 0;
  } else if (rho < smallest) {
    said.push(`${classes} means cannot be farther apart than at ρ = −1/(k−1), which is shown`);
    rho = smallest;
  }
  return { settings: { ...asked, dim, noise, rho }, said };
}

const first = Object.fromEntries(
  Object.entries(modelControls).map(([name, { initial }]) => [name, initial]),
) as ModelSettings;

/** Settings to begin with, by what they show. */
export const modelPresets: readonly { readonly name: string; readonly settings: ModelSettings }[] = [
  { name: 'no noise: the claim holds', settings: { ...first, noise: 0, times: 1000 } },
  {
    name: 'noise in the data: it fails half-way',
    settings: { ...first, against: 'margin', margin: 0.6 },
  },
  { name: "SGD's noise: three regimes", settings: { ...first, sgd: 'on', times: 800 } },
];
