import { classTargets, featureCount, type Dataset } from './dataset.js';
import { denseFeatures, type LabelledData } from './features.js';

/**
 * A data set as softmax regression takes it: a network without hidden layer and biases has the same loss there. Throws UsageError if
 * the targets are no classes. Cost: O(samples · features).
 */
export function toLabelledData(data: Dataset): LabelledData {
  const { labels, classes } = classTargets(data);
  return { features: denseFeatures(data.samples, featureCount(data), data.inputs), labels, classes };
}
