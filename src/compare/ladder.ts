import { activeFeatures, keepFeatures } from '../data/active-features.js';
import type { Dataset } from '../data/dataset.js';
import type { Runtime } from '../engine/index.js';
import { samplesOf, type Samples } from '../network/index.js';
import { randomStream } from '../numeric/random.js';
import { tensorHermite, type MixtureModel } from '../population/index.js';
import type { Alignment } from './alignment.js';
import { gaussianFit, type GaussianFit } from './gaussian-fit.js';
import { closedFormReference, populationReference, type Reference } from './reference.js';
import { sampledMixture } from './sampled-mixture.js';
import { syntheticRungs, withConstantFeature, type SyntheticRung } from './rungs.js';
import { trainedPath, type TrainedNetwork, type TrainedPath } from './trained-path.js';

export interface LadderSettings {
  readonly seeds: readonly number[];
  /** Of the mixtures. */
  readonly samples: number;
  /** Flow times at which the mixtures' networks are measured. */
  readonly times: readonly number[];
}

export const ladderDefaults: LadderSettings = { seeds: [1, 2, 3], samples: 20_000, times: [1, 4, 12, 36] };

/** Mean over seeds, with its standard error; of one seed, null. */
export interface Averaged {
  readonly mean: number;
  readonly standardError: number | null;
}

export interface LadderPoint {
  /** Step × learning rate. */
  readonly time: number;
  readonly loss: Averaged;
  readonly topFraction: Averaged;
  readonly overlap: Averaged;
  readonly topLevel: Averaged;
  /** Mean of the k largest eigenvalues over the one after them. */
  readonly ratio: Averaged;
  /** The nearest exact prediction; null where it never has this loss. */
  readonly predicted: (Alignment & { readonly ratio: number }) | null;
}

export interface LadderRung {
  readonly adds: string;
  readonly network: string;
  readonly classes: number;
  readonly parameters: number;
  readonly samples: number;
  readonly seeds: readonly number[];
  readonly prediction: string;
  /** Exact predictions are of this very network; the others of the nearest that is solved, and their levels have another unit. */
  readonly isExact: boolean;
  readonly comparedAt: 'time' | 'loss';
  readonly points: readonly LadderPoint[];
}

/** Real data through the model: what a fit of the mixture predicts for softmax regression, beside what is measured. */
export interface FittedPrediction {
  readonly name: string;
  readonly points: readonly (Alignment & { readonly ratio: number })[];
}

export interface LadderDocument {
  readonly settings: LadderSettings;
  readonly rungs: readonly LadderRung[];
  readonly fit:
    | (Omit<GaussianFit, 'mixture'> & {
        readonly times: readonly number[];
        /** By gradient descent, which the predictions follow, and by SGD with batches of 64, which none of them does. */
        readonly measured: FittedPrediction['points'];
        readonly measuredSgd: FittedPrediction['points'];
        readonly predictions: readonly FittedPrediction[];
      })
    | null;
}

interface LadderOptions {
  readonly runtime: Runtime;
  /** Digits in units of 255, float32; null leaves out what needs them. */
  readonly digits: Dataset | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly note: string }) => void;
}

/** Short enough that its error is small against the error bars. */
const learningRate = 1 / 32;

/**
 * Samples drawn of the fitted mixtures that have no closed form. Quadrature of the population would be exact in the mean, but after a while the
 * gradient has a share of 10⁻⁷ in the top space, below any quadrature in nine dimensions; a sample has its own exact gradient and Hessian.
 */
const fittedSamples = 20_000;

/**
 * From the solvable model to the network, one change at a time: k = 3 mixtures trained by gradient descent, then digits by SGD. Each network is
 * measured along its training and set beside the nearest exact prediction. Cost: about a minute with the digits.
 */
export async function ladder(settings: LadderSettings, options: LadderOptions): Promise<LadderDocument> {
  const { digits, onProgress } = options;
  const total = syntheticRungs.length + (digits === null ? 0 : 2);
  const rungs: LadderRung[] = [];
  for (const rung of syntheticRungs) {
    onProgress?.({ done: rungs.length, total, note: rung.adds });
    rungs.push(await syntheticRung(rung, settings, options));
  }
  if (digits === null) return { settings, rungs, fit: null };
  onProgress?.({ done: rungs.length, total, note: 'MNIST, softmax regression' });
  const active = keepFeatures(digits, activeFeatures(digits));
  const fit = gaussianFit(active, 60);
  const fitted = await fittedDigits(active, fit, options);
  onProgress?.({ done: rungs.length + 1, total, note: 'MNIST, 100-100 ReLU' });
  rungs.push(await digitsRung(active, fit, options));
  onProgress?.({ done: total, total, note: '' });
  return { settings, rungs, fit: fitted };
}

async function syntheticRung(
  { adds, data, model, bias, isExact }: SyntheticRung,
  { seeds, samples, times }: LadderSettings,
  { runtime, signal }: LadderOptions,
): Promise<LadderRung> {
  const { classes, dim, noises } = data;
  const network: TrainedNetwork = {
    model,
    bias,
    initialisation: model === 'softmax' ? 'zeros' : 'glorot-normal',
    batch: null,
    learningRate,
    stops: times.map((t) => Math.round(t / learningRate)),
    precision: 'f64',
  };
  const paths: TrainedPath[] = [];
  for (const seed of seeds) {
    const drawn = sampledMixture(data, samples, randomStream(seed, 'ladder', adds).integer(2 ** 30));
    paths.push(
      await trainedPath(
        network,
        { classes, inputs: dim, samples: drawn },
        { runtime, seed, ...(signal && { signal }) },
      ),
    );
  }
  const isSolvable = adds === syntheticRungs[0]!.adds;
  const reference: Reference = isSolvable
    ? closedFormReference({ classes, dim, noise: noises[0]!, correlation: 0, norm: 1 })
    : populationReference(bias ? withConstantFeature(data) : data, tensorHermite(24), { until: 3000, tolerance: 1e-8 });
  const known = isExact ? reference.at(times) : reference.atLoss(lossesOf(paths));
  return {
    adds,
    network: `${model}${bias ? ', bias' : ''}`,
    classes,
    parameters: paths[0]!.parameters,
    samples,
    seeds,
    prediction: isSolvable
      ? 'closed form'
      : isExact
        ? 'population flow, by quadrature'
        : 'softmax regression on the same mixture, by quadrature',
    isExact,
    comparedAt: isExact ? 'time' : 'loss',
    points: times.map((time, i) => pointOf(time, paths, i, known[i]!)),
  };
}

/** The paper's network on digits, beside the equiangular mixture fitted to them. */
async function digitsRung(digits: Dataset, fit: GaussianFit, { runtime, signal }: LadderOptions): Promise<LadderRung> {
  const { classes, features: inputs, norm, correlation } = fit;
  const stops = [30, 100, 300, 1000];
  const network: TrainedNetwork = {
    model: 'mlp:100,100',
    bias: true,
    initialisation: 'pytorch-default',
    batch: 64,
    learningRate: 0.1,
    stops,
    precision: 'f32',
  };
  const path = await trainedPath(
    network,
    { classes, inputs, samples: samplesOf(digits) },
    { runtime, seed: 1, ...(signal && { signal }) },
  );
  const model = { classes, dim: inputs, noise: fit.noiseOfMeans, correlation, norm };
  const predicted = closedFormReference(model).atLoss(lossesOf([path]));
  return {
    adds: 'MNIST',
    network: 'mlp:100,100, bias',
    classes,
    parameters: path.parameters,
    samples: digits.samples,
    seeds: [1],
    prediction: 'equiangular mixture fitted to MNIST, closed form',
    isExact: false,
    comparedAt: 'loss',
    points: stops.map((step, i) => pointOf(step * 0.1, [path], i, predicted[i]!)),
  };
}

/** Softmax regression on digits by gradient descent from 0, beside four mixtures that are fitted to them: two in closed form, two sampled and
 * trained in the same way. */
async function fittedDigits(
  digits: Dataset,
  { mixture, ...fit }: GaussianFit,
  { runtime, signal }: LadderOptions,
): Promise<NonNullable<LadderDocument['fit']>> {
  const { classes, features: inputs, norm, correlation } = fit;
  const times = [1, 3, 10, 30];
  const samples: Samples = samplesOf(digits);
  const network: TrainedNetwork = {
    model: 'softmax',
    bias: false,
    initialisation: 'zeros',
    batch: null,
    learningRate: 0.1,
    stops: times.map((t) => Math.round(10 * t)),
    precision: 'f32',
  };
  const how = { runtime, seed: 1, ...(signal && { signal }) };
  const measure = async (batch: number | null): Promise<readonly Alignment[]> =>
    (await trainedPath({ ...network, batch }, { classes, inputs, samples }, how)).points;
  const equiangular = (noise: number): readonly Alignment[] =>
    closedFormReference({ classes, dim: inputs, noise, correlation, norm }).at(times);
  const sampled = async (model: MixtureModel): Promise<readonly Alignment[]> => {
    const drawn = sampledMixture(model, fittedSamples, 1);
    const data = { classes, inputs: model.dim, samples: drawn };
    return (await trainedPath({ ...network, precision: 'f64' }, data, how)).points;
  };
  const isotropic = { ...mixture, shape: new Float64Array(mixture.dim).fill(fit.noise) };
  const predictions: readonly (readonly [string, readonly Alignment[]])[] = [
    ['equiangular means, σ² = tr Σ/d', equiangular(fit.noise)],
    ['equiangular means, σ² of their directions', equiangular(fit.noiseOfMeans)],
    ['own means and priors, σ² = tr Σ/d', await sampled(isotropic)],
    ['own means, priors and spectrum of Σ', await sampled(mixture)],
  ];
  return {
    ...fit,
    times,
    measured: (await measure(null)).map(withRatio),
    measuredSgd: (await measure(64)).map(withRatio),
    predictions: predictions.map(([name, points]) => ({ name, points: points.map(withRatio) })),
  };
}

function lossesOf(paths: readonly TrainedPath[]): number[] {
  return paths[0]!.points.map((_, i) => paths.reduce((sum, { points }) => sum + points[i]!.loss, 0) / paths.length);
}

const withRatio = (a: Alignment): Alignment & { readonly ratio: number } => ({ ...a, ratio: a.topLevel / a.nextLevel });

function pointOf(time: number, paths: readonly TrainedPath[], i: number, predicted: Alignment | null): LadderPoint {
  const average = (value: (point: Alignment) => number): Averaged =>
    averaged(paths.map(({ points }) => value(points[i]!)));
  return {
    time,
    loss: average(({ loss }) => loss),
    topFraction: average(({ lower, upper }) => (lower + upper) / 2),
    overlap: average(({ overlap }) => overlap),
    topLevel: average(({ topLevel }) => topLevel),
    ratio: average((point) => withRatio(point).ratio),
    predicted: predicted === null ? null : withRatio(predicted),
  };
}

function averaged(values: readonly number[]): Averaged {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  if (n < 2) return { mean, standardError: null };
  return { mean, standardError: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n) };
}
