import { classTargets, featureCount, type Dataset } from './dataset.js';
import { sparseFeatures, type LabelledData } from './features.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';

/**
 * A data set as softmax regression takes it: a network without hidden layer and biases has the same loss there. What most entries are is stored
 * once, as their offset: standardised images stay sparse. Throws UsageError if the targets are no classes. Cost: O(samples · features).
 */
export function toLabelledData(data: Dataset): LabelledData {
  const { labels, classes } = classTargets(data);
  const { samples, inputs } = data;
  const columns = featureCount(data);
  const offset = majority(inputs);
  const features = sparseFeatures(samples, columns, (i, f) => inputs[i * columns + f]! - offset, offset);
  return { features, labels, classes };
}

/** The value that more than half of the entries have, else 0 (Boyer & Moore 1981). */
function majority(entries: FloatArray): number {
  let [candidate, lead] = [0, 0];
  for (const x of entries) {
    if (lead === 0) candidate = x;
    lead += x === candidate ? 1 : -1;
  }
  let count = 0;
  for (const x of entries) if (x === candidate) count++;
  return 2 * count > entries.length ? candidate : 0;
}
