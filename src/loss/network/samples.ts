import type { Dataset } from '../../data/dataset.js';
import { zeros, type FloatArray, type Precision, precisionOf } from '../../numeric/kernels/float-array.js';
import type { Samples } from './sample-sums.js';

/** A data set as a network takes it: labels become unit vectors. */
export function samplesOf({ samples: count, inputs, targets }: Dataset): Samples {
  const precision: Precision = precisionOf(inputs);
  if (targets.kind === 'values') {
    const values = zeros(precision, targets.values.length);
    values.set(targets.values);
    return { count, inputs, targets: values };
  }
  const { classes, labels } = targets;
  const units = zeros(precision, count * classes);
  labels.forEach((label, i) => (units[i * classes + label] = 1));
  return { count, inputs, targets: units };
}

/** The rows of a batch, in their order. */
export function batchOf({ count, inputs, targets }: Samples, rows: Uint32Array): Samples {
  const take = (from: FloatArray): FloatArray => {
    const width = from.length / count;
    const taken = zeros(precisionOf(from), rows.length * width);
    rows.forEach((row, i) => {
      taken.set(from.subarray(row * width, (row + 1) * width), i * width);
    });
    return taken;
  };
  return { count: rows.length, inputs: take(inputs), targets: take(targets) };
}
