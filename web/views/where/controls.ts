import type { ReadSettings, Settings } from '../../core/controls.js';

/** The noise σ that the map spans. */
export const noiseRange = [0.1, 1] as const;

export const whereControls = {
  classes: {
    kind: 'number',
    label: 'classes',
    symbol: 'k',
    help: 'how many kinds of thing are told apart; the claim is about the top k eigenvectors',
    min: 2,
    max: 1000,
    scale: 'log',
    isInteger: true,
    initial: 10,
  },
  dim: {
    kind: 'number',
    label: 'features',
    symbol: 'd',
    help: 'numbers that describe one sample; with gradient flow the map does not depend on it',
    min: 3,
    max: 5000,
    scale: 'log',
    isInteger: true,
    initial: 50,
  },
  rho: {
    kind: 'number',
    label: 'correlation',
    symbol: 'ρ',
    help: 'inner product of the class means: 0 for means at right angles, −1/(k − 1) for the most spread out',
    min: -1,
    max: 0.9,
    scale: 'linear',
    initial: 0,
  },
  noise: {
    kind: 'number',
    label: 'data noise',
    symbol: 'σ',
    help: 'how far samples scatter about the mean of their class; across the map',
    min: noiseRange[0],
    max: noiseRange[1],
    scale: 'log',
    initial: 0.3,
  },
  relative: {
    kind: 'number',
    label: 'progress',
    symbol: 'α/α*',
    help: 'the margin α that the weights W = αB give the right class, over the best one, α* = 1/σ²; up the map',
    min: 0.01,
    max: 0.99,
    scale: 'linear',
    initial: 0.25,
  },
  map: {
    kind: 'choice',
    label: 'trained by',
    help: 'gradient flow sees all data at once; with the small batches of SGD its noise is a part of the gradient',
    options: { flow: 'gradient flow', sgd: 'SGD' },
    initial: 'flow',
  },
  'eta-over-b': {
    kind: 'number',
    label: 'rate over batch',
    symbol: 'η/b',
    help: 'learning rate over batch size, the strength of the noise of SGD; changes nothing for gradient flow',
    min: 1e-5,
    max: 1,
    scale: 'log',
    initial: 0.01,
  },
} as const;

export type WhereSettings = Settings<typeof whereControls>;

/** More features than classes, and means that exist. */
export function fitWhere(settings: WhereSettings): ReadSettings<typeof whereControls> {
  const said: string[] = [];
  const { classes: k } = settings;
  const dim = Math.max(k + 1, settings.dim);
  if (dim !== settings.dim) said.push(`${k} classes need more features than that: d = ${dim} is shown`);
  const least = -1 / (k - 1);
  const rho = Math.max(least, settings.rho);
  if (rho !== settings.rho) said.push(`${k} means cannot be further apart than ρ = −1/(k − 1), which is shown`);
  return { settings: { ...settings, dim, rho }, said };
}

/** α, to the digits that the commands are given. */
export const marginOf = ({ noise, relative }: WhereSettings): number => Number((relative / noise ** 2).toPrecision(6));
