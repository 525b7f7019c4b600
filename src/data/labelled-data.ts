import { classTargets, featureCount, type Dataset } from './dataset.js';
import { denseFeatures, denseMatrix, type LabelledData } from './features.js';
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
 * A data set as softmax regression takes it: a network without hidden layer and biases has the same loss there. Throws UsageError if
 * the targets are no classes. Cost: O(samples · features).
 */
export function toLabelledData(data: Dataset): LabelledData {
  const { labels, classes } = classTargets(data);
  return { features: denseFeatures(data.samples, featureCount(data), data.inputs), labels, classes };
}
