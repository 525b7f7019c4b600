import type { Dataset } from '../../data/dataset.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { samplesOf } from '../../loss/network/samples.js';
import type { Samples } from '../../loss/network/sample-sums.js';
import type { MixtureModel } from '../../exact/population/index.js';
import type { Alignment } from './alignment.js';
import type { GaussianFit } from './gaussian-fit.js';
import type { FittedDigits } from './ladder-document.js';
import { closedFormReference } from './reference.js';
import { sampledMixture } from './sampled-mixture.js';
import { trainedPath, type NetworkToTrain } from './trained-path.js';

interface Options {
  readonly runtime: Runtime;
  readonly signal?: AbortSignal;
}

/**
 * Samples drawn of the fitted mixtures that have no closed form. Quadrature of the population would be exact in the mean, but after a while the
 * gradient has a share of 10⁻⁷ in the top space, below any quadrature in nine dimensions; a sample has its own exact gradient and Hessian.
 */
const fittedSamples = 20_000;

/** Softmax regression on digits by gradient descent from 0, beside four mixtures that are fitted to them: two in closed form, two sampled and
 * trained in the same way. */
export async function fittedDigits(
  digits: Dataset,
  { mixture, ...fit }: GaussianFit,
  { runtime, signal }: Options,
): Promise<FittedDigits> {
  const { classes, features: inputs, norm, correlation } = fit;
  const times = [1, 3, 10, 30];
  const samples: Samples = samplesOf(digits);
  const network: NetworkToTrain = {
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
  const predictions = [
    { name: 'equiangular means, σ² = tr Σ/d', points: equiangular(fit.noise) },
    { name: 'equiangular means, σ² of their directions', points: equiangular(fit.noiseOfMeans) },
    { name: 'own means and priors, σ² = tr Σ/d', points: await sampled(isotropic) },
    { name: 'own means, priors and spectrum of Σ', points: await sampled(mixture) },
  ];
  return {
    ...fit,
    times,
    measured: await measure(null),
    measuredSgd: await measure(64),
    predictions,
  };
}
