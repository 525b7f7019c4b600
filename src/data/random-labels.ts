import { randomStream } from '../numeric/random.js';
import type { RawInputs } from './data-set.js';
import { classTargets, transformed, type Dataset } from './dataset.js';

/**
 * The same inputs with labels drawn anew, uniform on the classes and independent of the true ones, so that nothing but memory can
 * fit them (Zhang et al. 2017, arXiv:1611.03530; GRD18, Table 1). Keyed by the seed: label i is the same however many samples there
 * are. Throws UsageError if the targets are no classes. Cost: O(samples).
 */
export function withRandomLabels<I extends RawInputs>(data: Dataset<I>, seed: number): Dataset<I> {
  const targets = classTargets(data);
  const stream = randomStream(seed, 'random-labels', targets.classes);
  const labels = targets.labels.map(() => stream.integer(targets.classes));
  return transformed({ ...data, targets: { ...targets, labels } }, { kind: 'random-labels', seed });
}
