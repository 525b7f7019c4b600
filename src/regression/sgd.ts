import { randomStream } from '../numeric/random.js';
import type { LabelledData } from '../data/features.js';
import { batchGradient } from './softmax-regression.js';

/**
 * The samples of SGD step `step`: each epoch is a permutation keyed by (seed, epoch) alone, cut into batches of which the last
 * may be smaller. The order is the same whatever is measured in between and wherever a run is resumed.
 */
export function batchSchedule(samples: number, batch: number, seed: number): (step: number) => Uint32Array {
  const perEpoch = Math.ceil(samples / batch);
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step) => {
    if (Math.floor(step / perEpoch) !== epoch) {
      epoch = Math.floor(step / perEpoch);
      order = permutation(samples, seed, epoch);
    }
    const start = (step % perEpoch) * batch;
    return order.subarray(start, Math.min(start + batch, samples));
  };
}

/** One step W ← W − η G_batch, in place. */
export function sgdStep(data: LabelledData, weights: Float64Array, batch: Uint32Array, learningRate: number): void {
  const gradient = batchGradient(data, weights, batch);
  for (let i = 0; i < weights.length; i++) weights[i]! -= learningRate * gradient[i]!;
}

/** Fisher–Yates. */
function permutation(samples: number, seed: number, epoch: number): Uint32Array {
  const stream = randomStream(seed, 'batches', epoch);
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  for (let i = samples - 1; i > 0; i--) {
    const j = stream.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
