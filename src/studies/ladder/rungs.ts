import { mixtureFromGram, type MixtureModel } from '../../exact/population/index.js';

/** One step away from the solvable point: everything of the step before, and one thing more. */
export interface SyntheticRung {
  readonly adds: string;
  readonly data: MixtureModel;
  readonly model: string;
  readonly bias: boolean;
  /** The prediction is of the network itself, at the same time; otherwise of softmax regression on the same data, at the same loss. */
  readonly isExact: boolean;
}

const [k, dim, noise] = [3, 6, 0.25];
const noises = new Array<number>(k).fill(noise);

const solvable = mixtureFromGram({ gram: [1, 0, 0, 0, 1, 0, 0, 0, 1], dim, noises });
const skewed = mixtureFromGram({ gram: [1, 0.4, -0.2, 0.4, 1, 0.1, -0.2, 0.1, 1], dim, noises });
const unequal = { ...skewed, priors: [0.5, 0.3, 0.2] };
/** Deviations from 0.1 to 0.5, of the same mean square as before. */
const anisotropic = { ...unequal, shape: unitMeanSquare([2, 0.4, 1.2, 0.4, 1.6, 0.8]) };

/** The steps that need no real data. */
export const syntheticRungs: readonly SyntheticRung[] = [
  { adds: 'solvable model', data: solvable, model: 'softmax', bias: false, isExact: true },
  { adds: 'non-orthogonal means', data: skewed, model: 'softmax', bias: false, isExact: true },
  { adds: 'unequal priors', data: unequal, model: 'softmax', bias: false, isExact: true },
  { adds: 'anisotropic noise', data: anisotropic, model: 'softmax', bias: false, isExact: true },
  { adds: 'bias', data: anisotropic, model: 'softmax', bias: true, isExact: true },
  { adds: 'linear hidden layer', data: anisotropic, model: 'linear:8', bias: true, isExact: false },
  { adds: 'ReLU', data: anisotropic, model: 'mlp:8', bias: true, isExact: false },
  { adds: 'second hidden layer', data: anisotropic, model: 'mlp:8,8', bias: true, isExact: false },
];

/** The same mixture with one more feature, which is 1 always: what a bias multiplies. */
export function withConstantFeature({ classes, dim: d, means, shape, ...rest }: MixtureModel): MixtureModel {
  const wider = new Float64Array(classes * (d + 1)).fill(1);
  for (let a = 0; a < classes; a++) wider.set(means.subarray(a * d, (a + 1) * d), a * (d + 1));
  const deviations = Float64Array.from({ length: d + 1 }, (_, f) => (f === d ? 0 : (shape?.[f] ?? 1)));
  return { ...rest, classes, dim: d + 1, means: wider, shape: deviations };
}

function unitMeanSquare(values: readonly number[]): Float64Array {
  const size = Math.sqrt(values.reduce((sum, x) => sum + x ** 2, 0) / values.length);
  return Float64Array.from(values, (x) => x / size);
}
