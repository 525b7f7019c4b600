import type { Dataset } from '../../data/dataset.js';
import { zeros, type FloatArray, type Precision, precisionOf } from '../../numeric/kernels/float-array.js';
import { gatherRows, inputPrecision, isRows, type Rows } from '../../data/rows.js';
import type { AnySamples, Samples } from './sample-sums.js';

/** A data set as a network takes it: the labels of samples become unit vectors, those of tokens numbers. */
export function samplesOf<Inputs extends FloatArray | Rows>({
  samples: count,
  inputs,
  targets,
}: Dataset<Inputs>): Samples<Inputs> {
  const precision: Precision = inputPrecision(inputs);
  if (targets.kind === 'none') return { count, inputs, targets: zeros(precision, 0) };
  if (targets.kind !== 'classes') {
    const given = targets.kind === 'values' ? targets.values : targets.labels;
    const values = zeros(precision, given.length);
    values.set(given);
    return { count, inputs, targets: values };
  }
  const { classes, labels } = targets;
  const units = zeros(precision, count * classes);
  labels.forEach((label, i) => (units[i * classes + label] = 1));
  return { count, inputs, targets: units };
}

/** The rows of a batch, in their order. */
export function batchOf({ count, inputs, targets }: AnySamples, rows: Uint32Array): Samples {
  const take = (from: FloatArray): FloatArray => {
    const width = from.length / count;
    const taken = zeros(precisionOf(from), rows.length * width);
    rows.forEach((row, i) => {
      taken.set(from.subarray(row * width, (row + 1) * width), i * width);
    });
    return taken;
  };
  return {
    count: rows.length,
    inputs: isRows(inputs) ? gatherRows(inputs, rows) : take(inputs),
    targets: take(targets),
  };
}
