import type { LabelledData } from '../../data/features.js';
import type { ClassGradients } from '../papyan-split.js';
import { outerSum, rowProducts } from './feature-sums.js';
import { overRows, type Pausing } from '../../numeric/kernels/pausing.js';
import { firstLargest, softmaxInPlace, subtractLabel } from './softmax-rows.js';

/**
 * The sums behind Papyan's split: for every pair (c, c′) of classes Σ_i [y_i = c] p_{i,c′} (e_{c′} − p_i) x_iᵀ, k×d, and the weight
 * Σ_i [y_i = c] p_{i,c′}, over n. 1 − p_{c′} is the sum of the other probabilities. Cost: O(non-zeros · k²), memory for k² gradients.
 */
export function* regressionClassGradients(data: LabelledData, weights: Float64Array): Pausing<ClassGradients> {
  const { features, labels, classes: k } = data;
  const n = features.rows;
  const logitsOf = rowProducts(features, weights, k);
  const p = new Float64Array(k);
  const row = new Float64Array(k);
  const masses = new Float64Array(k * k);
  const sums = Array.from(masses, () => outerSum(features, k));
  const cost = (1 + k) * k * (features.value.length / n + 1);
  yield* overRows(n, cost, (first, end) => {
    for (let i = first; i < end; i++) {
      logitsOf(i, p);
      softmaxInPlace(p, firstLargest(p), labels[i]!);
      for (let other = 0; other < k; other++) {
        const pair = labels[i]! * k + other;
        masses[pair]! += p[other]!;
        row.set(p);
        subtractLabel(row, other);
        for (let c = 0; c < k; c++) row[c]! *= -p[other]!;
        sums[pair]!.add(i, row);
      }
    }
  });
  return {
    classes: k,
    weights: masses.map((mass) => mass / n),
    sums: sums.map((sum) => sum.mean(n)),
  };
}
