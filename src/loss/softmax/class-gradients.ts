import type { LabelledData } from '../../data/features.js';
import type { ClassGradients } from '../papyan-split.js';
import { multiplyRow } from './row-kernels.js';
import {
  accumulate,
  columnSums,
  sumsToMeans,
  firstLargest,
  softmaxInPlace,
  subtractLabel,
  transposedRows,
} from './softmax-rows.js';

/**
 * The sums behind Papyan's split: for every pair (c, c′) of classes Σ_i [y_i = c] p_{i,c′} (e_{c′} − p_i) x_iᵀ, k×d, and the weight
 * Σ_i [y_i = c] p_{i,c′}, over n. 1 − p_{c′} is the sum of the other probabilities. Cost: O(non-zeros · k²), memory for k² gradients.
 */
export function regressionClassGradients(data: LabelledData, weights: Float64Array): ClassGradients {
  const { features, labels, classes: k } = data;
  const { rows: n, columns: d } = features;
  const byFeature = transposedRows(weights, k, d);
  const offsets = columnSums(byFeature, d, k, features.offset);
  const p = new Float64Array(k);
  const row = new Float64Array(k);
  const masses = new Float64Array(k * k);
  const sums = Array.from(masses, () => ({ byFeature: new Float64Array(d * k), offset: new Float64Array(k) }));
  for (let i = 0; i < n; i++) {
    multiplyRow(features, i, byFeature, offsets, p);
    softmaxInPlace(p, firstLargest(p), labels[i]!);
    for (let other = 0; other < k; other++) {
      const pair = labels[i]! * k + other;
      masses[pair]! += p[other]!;
      row.set(p);
      subtractLabel(row, other);
      for (let c = 0; c < k; c++) row[c]! *= -p[other]!;
      accumulate(features, i, row, sums[pair]!.byFeature, sums[pair]!.offset);
    }
  }
  return {
    classes: k,
    weights: masses.map((mass) => mass / n),
    sums: sums.map(({ byFeature: sum, offset }) => {
      sumsToMeans(sum, offset, features.offset, n);
      return transposedRows(sum, d, k);
    }),
  };
}
