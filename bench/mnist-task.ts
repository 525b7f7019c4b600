import { parseDataSource } from '../src/data/data-source.js';
import { loadDataset } from '../src/data/load-dataset.js';
import { heldInputs } from '../src/data/rows.js';
import { samplesOf } from '../src/loss/network/samples.js';
import type { FloatArray } from '../src/numeric/kernels/float-array.js';
import { trainDefaults, type TrainConfig } from '../src/train/train-config.js';
import type { TrainProblem } from '../src/train/train-problem.js';
import type { PeerLayer, PeerTask } from './pytorch-peer.js';

const layers: readonly PeerLayer[] = ['dense', 'relu', 'dense', 'relu', 'dense'];

/** The paper's MLP 784-100-100-10 with ReLU on images of MNIST: by default 4992, 78 batches of 64. */
export function mnistConfig(samples = 4992): TrainConfig {
  return { ...trainDefaults, data: { ...trainDefaults.data, samples } };
}

/**
 * The same for PyTorch, at θ of the problem, which leaves out the pixels that are zero in all images. `pixels`: all of them, as anybody would
 * write it, or those that are used here.
 */
export function mnistTask(problem: TrainProblem, weights: FloatArray, pixels: 'all' | 'used'): PeerTask {
  const { run, shape, objective, expand, inputs } = problem;
  const shapesOf = ({ specs }: typeof shape.layout) => specs.map((spec) => spec.shape);
  if (pixels === 'used') {
    const given = inputs();
    const samples = { ...given, inputs: heldInputs(given.inputs) };
    const inputShape = [samples.inputs.length / samples.count];
    return { inputShape, layers, shapes: shapesOf(objective.layout), samples, weights };
  }
  const { config, data } = run;
  const choices = { samples: data.samples, pixels: config.data.pixels, precision: config.precision, seed: config.seed };
  const samples = samplesOf(loadDataset(parseDataSource(config.data.source), choices).train);
  return { inputShape: [784], layers, shapes: shapesOf(shape.layout), samples, weights: expand(weights) };
}
