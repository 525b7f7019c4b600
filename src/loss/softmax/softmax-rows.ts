import type { Features } from '../../data/features.js';
import { addOuterRow } from './row-kernels.js';

/** Y += x_i yᵀ; what the constant of the features adds to every feature is summed once, in `offsetSum`. */
export function accumulate(
  x: Features,
  i: number,
  y: Float64Array,
  byFeature: Float64Array,
  offsetSum: Float64Array,
): void {
  addOuterRow(x, i, y, byFeature);
  for (let q = 0; q < y.length; q++) offsetSum[q]! += y[q]!;
}

export function sumsToMeans(byFeature: Float64Array, offsetSum: Float64Array, offset: number, samples: number): void {
  const width = offsetSum.length;
  for (let j = 0; j < byFeature.length; j++) byFeature[j] = (byFeature[j]! + offset * offsetSum[j % width]!) / samples;
}

/** offset · Σ_f M[f]. */
export function columnSums(byFeature: Float64Array, d: number, width: number, offset: number): Float64Array {
  const sums = new Float64Array(width);
  if (offset !== 0) for (let j = 0; j < d * width; j++) sums[j % width]! += offset * byFeature[j]!;
  return sums;
}

/**
 * z → p in place, r the leading class; returns −log p_label = log(1 + B) + z_r − z_label with B = Σ_{c ≠ r} e^{z_c − z_r}: no term is
 * negative, so that small losses keep their relative accuracy and large ones stay finite.
 */
export function softmaxInPlace(z: Float64Array, leading: number, label: number): number {
  const largest = z[leading]!;
  const behind = largest - z[label]!;
  let odds = 0;
  for (let c = 0; c < z.length; c++) {
    const e = Math.exp(z[c]! - largest);
    z[c] = e;
    if (c !== leading) odds += e;
  }
  for (let c = 0; c < z.length; c++) z[c]! /= 1 + odds;
  return Math.log1p(odds) + behind;
}

/** p → p − e_label in place, with 1 − p_label as the sum of the others. */
export function subtractLabel(p: Float64Array, label: number): void {
  let others = 0;
  for (let c = 0; c < p.length; c++) if (c !== label) others += p[c]!;
  p[label] = -others;
}

export function firstLargest(z: Float64Array): number {
  let at = 0;
  for (let c = 1; c < z.length; c++) if (z[c]! > z[at]!) at = c;
  return at;
}

/** rows×columns → columns×rows. */
export function transposedRows(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = x[r * columns + c]!;
  return result;
}
