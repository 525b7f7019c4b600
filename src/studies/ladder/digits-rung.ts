import type { Dataset } from '../../data/dataset.js';
import type { Runtime } from '../../tensor/engine/index.js';
import { samplesOf } from '../../loss/network/samples.js';
import type { GaussianFit } from './gaussian-fit.js';
import type { LadderRung } from './ladder-document.js';
import { ladderPoint, lossesOf } from './ladder-point.js';
import { closedFormReference } from './reference.js';
import { trainedPath, type NetworkToTrain } from './trained-path.js';

interface Options {
  readonly runtime: Runtime;
  readonly signal?: AbortSignal;
}

/** The paper's network on digits, beside the equiangular mixture fitted to them. */
export async function digitsRung(digits: Dataset, fit: GaussianFit, { runtime, signal }: Options): Promise<LadderRung> {
  const { classes, features: inputs, norm, correlation } = fit;
  const stops = [30, 100, 300, 1000];
  const network: NetworkToTrain = {
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
    prediction: 'equiangular mixture fitted to MNIST (σ of the directions of its means), closed form',
    isExact: false,
    comparedAt: 'loss',
    points: stops.map((step, i) => ladderPoint(step * 0.1, [path], i, predicted[i]!)),
  };
}
