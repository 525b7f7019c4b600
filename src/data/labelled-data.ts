import { classTargets, featureCount, type Dataset } from './dataset.js';
import { denseMatrix, sparseFeatures, type LabelledData } from './features.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { sampleMixture, type GaussianMixture } from './gaussian-mixture.js';

/** The mixture of `sampleMixture`, the same samples, as a data set. Throws UsageError on values outside the model. */
export function mixtureDataset(mixture: GaussianMixture, samples: number, seed: number): Dataset<Float64Array> {
  const { features, labels, classes } = sampleMixture(mixture, samples, seed);
  const { dim, noise } = mixture;
  const source = 'Gaussian mixture, sampled';
  return {
    name: 'mixture',
    samples,
    inputShape: [dim],
    inputs: denseMatrix(features),
    targets: { kind: 'classes', classes, labels },
    record: { origin: { kind: 'mixture', source, classes, dim, noise, samples, seed }, transformations: [] },
  };
}

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
