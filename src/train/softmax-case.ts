import { isDeepStrictEqual } from 'node:util';
import { mnist } from '../data/mnist.js';
import { trainDefaults, type TrainConfig } from './train-config.js';
import type { TrainDocument } from './train-document.js';

/** Softmax regression on MNIST as in Table 1 of the paper: all 60,000 images, batch 64, η = 0.1, three epochs, the last 1000 steps averaged; plain. */
export const softmaxDefaults: TrainConfig = {
  ...trainDefaults,
  model: 'softmax',
  backend: 'plain',
  bias: false,
  steps: 2814,
  tolerance: 1e-5,
  precision: 'f64',
  window: { length: 1000, every: 10 },
};

/** overlap(g, Hg) that GRD18 reports for softmax regression on MNIST (Table 1). */
const paperOverlapMnist = 0.96;

/**
 * The paper's overlap(g, Hg), where a run is that case, else null: softmax regression by SGD on all images of MNIST itself, batch 64, η = 0.1, at
 * least three epochs, and the mean over the last 1000 steps, of all the values it is taken from. The paper does not say how pixels are scaled, nor
 * whether there are biases.
 */
export function paperOverlap({ run: { config, data }, window }: Pick<TrainDocument, 'run' | 'window'>): number | null {
  const { model, loss, optimizer, schedule, follow, batch } = softmaxDefaults;
  const isThePapers =
    data.origin.kind === 'files' &&
    isDeepStrictEqual(data.origin.checksums, mnist.checksums.train) &&
    data.samples === 60_000 &&
    !config.data.randomLabels &&
    isDeepStrictEqual(
      [config.model, config.loss, config.optimizer, config.schedule, config.follow.direction, config.batch],
      [model, loss, optimizer, schedule, follow.direction, batch],
    ) &&
    config.groups === undefined &&
    config.warmup === undefined &&
    config.steps >= softmaxDefaults.steps &&
    config.window.length === softmaxDefaults.window.length &&
    window.length === Math.ceil(config.window.length / config.window.every);
  return isThePapers ? paperOverlapMnist : null;
}
