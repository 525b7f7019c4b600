import type { ReadSettings, Settings } from '../../core/controls.js';

/** First and last time of the curves; with much noise in the data the flow rests earlier. */
export const firstTime = 1e-3;
export const lastTime = ({ noise }: { readonly noise: number }): number => (noise < 0.2 ? 1e12 : 1e4);

export const collapseControls = {
  delta: {
    kind: 'number',
    label: 'size of W(0)',
    symbol: 'δ',
    help: 'standard deviation of the independent normal entries of the weights at the start',
    min: 1e-4,
    max: 1,
    scale: 'log',
    initial: 0.01,
  },
  classes: {
    kind: 'number',
    label: 'classes',
    symbol: 'k',
    help: 'how many kinds of thing are told apart; the gradient collapses into the top k eigenvectors',
    min: 2,
    max: 100,
    scale: 'log',
    isInteger: true,
    initial: 10,
  },
  dim: {
    kind: 'number',
    label: 'features',
    symbol: 'd',
    help: 'numbers that describe one sample, at least k; without noise in the data they change no f_top',
    min: 2,
    max: 5000,
    scale: 'log',
    isInteger: true,
    initial: 50,
  },
  noise: {
    kind: 'number',
    label: 'data noise',
    symbol: 'σ',
    help: 'how far samples scatter about the mean of their class; 0 is solved exactly, more to first order in δ',
    min: 0,
    max: 1,
    scale: 'linear',
    initial: 0,
  },
  times: {
    kind: 'number',
    label: 'time',
    symbol: 't',
    help: 'learning rate × steps: where the numbers below are taken',
    min: firstTime,
    max: lastTime({ noise: 0 }),
    scale: 'log',
    initial: 10,
  },
  draws: {
    kind: 'number',
    label: 'draws of W(0)',
    help: 'over how many random starts the median and the band are taken',
    min: 10,
    max: 2000,
    scale: 'log',
    isInteger: true,
    initial: 50,
  },
  seed: {
    kind: 'number',
    label: 'seed',
    help: 'of the random numbers: the same seed gives the same W(0), here and on the command line',
    min: 1,
    max: 1000,
    scale: 'linear',
    isInteger: true,
    initial: 1,
  },
  threshold: {
    kind: 'number',
    label: 'threshold of the window',
    help: 'the window is open while the median of f_top(k) is above it',
    min: 0.5,
    max: 0.999,
    scale: 'linear',
    initial: 0.99,
  },
} as const;

export type CollapseSettings = Settings<typeof collapseControls>;

/** 0, or at least 0.02; the slider's step up from 0 leads to 0.02, that down from 0.02 to 0. */
function reachableNoise(noise: number): number {
  if (noise === 0 || noise >= 0.02) return noise;
  return noise < 0.01 ? 0.02 : 0;
}

/** Features for all classes, noise that linear response can do, and a time that the curves reach. */
export function fitCollapse(settings: CollapseSettings): ReadSettings<typeof collapseControls> {
  const said: string[] = [];
  const dim = Math.max(settings.classes, settings.dim);
  if (dim !== settings.dim) said.push(`${dim} classes need as many features: d = ${dim} is shown`);
  const noise = reachableNoise(settings.noise);
  if (noise !== settings.noise) {
    said.push(`noise between 0 and 0.02 is out of reach of linear response: σ = ${noise} is shown`);
  }
  const times = Math.min(settings.times, lastTime({ noise }));
  if (times !== settings.times) said.push(`with this noise the curves end at t = ${times}, which is shown`);
  return { settings: { ...settings, dim, noise, times }, said };
}
