import { UsageError } from '../errors.js';
import { randomStream } from '../numeric/random.js';

/**
 * The samples of SGD step `step`: each epoch is a permutation keyed by (seed, epoch) alone, cut into batches of which the last
 * may be smaller. The order is the same whatever is measured in between and wherever a run is resumed.
 *
 * The batches are views of the permutation, to be read only. A batch as large as the data set is full-batch gradient descent.
 * Throws UsageError if sizes are not positive integers or a step is none. Cost: O(samples) an epoch; a jump between epochs costs
 * that again.
 */
export function batchSchedule(samples: number, batch: number, seed: number): (step: number) => Uint32Array {
  if (!Number.isInteger(samples) || samples < 1 || !Number.isInteger(batch) || batch < 1) {
    throw new UsageError(`samples and batch must be positive integers, received ${samples} and ${batch}`);
  }
  const perEpoch = Math.ceil(samples / batch);
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step) => {
    if (!Number.isInteger(step) || step < 0) throw new UsageError(`a step is an integer from 0 on, received ${step}`);
    if (Math.floor(step / perEpoch) !== epoch) {
      epoch = Math.floor(step / perEpoch);
      order = permutation(samples, seed, epoch);
    }
    const start = (step % perEpoch) * batch;
    return order.subarray(start, Math.min(start + batch, samples));
  };
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
