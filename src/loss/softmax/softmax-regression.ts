import { UsageError } from '../../errors.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { addOuterRow, multiplyRow } from './row-kernels.js';
import type { Features, LabelledData } from '../../data/features.js';

/** Loss, gradient and curvature of softmax regression at one W. */
export interface RegressionPoint {
  /** (1/n) Σ −log p_{y_i}. */
  readonly loss: number;
  /** Fraction of samples whose largest logit is the label's. */
  readonly accuracy: number;
  /** G = (1/n) Σ (p_i − e_{y_i}) x_iᵀ, at `c * d + f`. */
  readonly gradient: Float64Array;
  /** H = (1/n) Σ (diag(p_i) − p_i p_iᵀ) ⊗ x_i x_iᵀ. */
  readonly hessian: SymmetricOperator;
}

/** What Hessian products need of each sample. */
interface Predictions {
  /** p_i, at `i * k + c`, each to full relative accuracy. */
  readonly probabilities: Float64Array;
  /** The first of the largest logits. */
  readonly leading: Uint32Array;
}

/**
 * Softmax regression on finite data, measured from its definition in double precision: the second path beside the closed form.
 *
 * `weights` is k×d, row-major. One pass over the data gives loss, accuracy, gradient and all probabilities; each Hessian
 * product then needs one more pass, shared by all vectors of a block. Memory: n·k probabilities. Cost of a pass with m
 * vectors: O(non-zeros · k · m). Throws UsageError on a wrong number of weights. The sums run in the order of the samples, so
 * that results are the same bytes everywhere. Nothing is lost where a class takes all but e^{−margin}: 1 − p_c is never formed by
 * subtraction.
 */
export function regressionPoint(data: LabelledData, weights: Float64Array): RegressionPoint {
  const { features, labels, classes: k } = data;
  const { rows: n, columns: d } = features;
  if (weights.length !== k * d) {
    throw new UsageError(
      `weights must hold classes × features = ${k}·${d} = ${k * d} numbers, received ${weights.length}`,
    );
  }
  const probabilities = new Float64Array(n * k);
  const leading = new Uint32Array(n);
  const byFeature = transpose(weights, k, d);
  const gradient = new Float64Array(d * k);
  const offsetGradient = new Float64Array(k);
  const logits = new Float64Array(k);
  const offsets = columnSums(byFeature, d, k, features.offset);
  let loss = 0;
  let correct = 0;
  for (let i = 0; i < n; i++) {
    multiplyRow(features, i, byFeature, offsets, logits);
    const label = labels[i]!;
    leading[i] = firstLargest(logits);
    loss += softmaxInPlace(logits, leading[i]!, label);
    if (leading[i] === label) correct++;
    probabilities.set(logits, i * k);
    subtractLabel(logits, label);
    accumulate(features, i, logits, gradient, offsetGradient);
  }
  finish(gradient, offsetGradient, features.offset, n);
  return {
    loss: loss / n,
    accuracy: correct / n,
    gradient: transpose(gradient, d, k),
    hessian: {
      dimension: k * d,
      apply: (block, columns) => hessianProducts(data, { probabilities, leading }, block, columns),
    },
  };
}

/** The gradient of the mean loss of some of the samples, k×d. */
export function batchGradient(data: LabelledData, weights: Float64Array, samples: ArrayLike<number>): Float64Array {
  const { features, labels, classes: k } = data;
  const d = features.columns;
  const byFeature = transpose(weights, k, d);
  const gradient = new Float64Array(d * k);
  const offsetGradient = new Float64Array(k);
  const logits = new Float64Array(k);
  const offsets = columnSums(byFeature, d, k, features.offset);
  for (let s = 0; s < samples.length; s++) {
    const i = samples[s]!;
    multiplyRow(features, i, byFeature, offsets, logits);
    softmaxInPlace(logits, firstLargest(logits), labels[i]!);
    subtractLabel(logits, labels[i]!);
    accumulate(features, i, logits, gradient, offsetGradient);
  }
  finish(gradient, offsetGradient, features.offset, samples.length);
  return transpose(gradient, d, k);
}

/**
 * Y = H X for a block: per sample u = V x, then S u = p ∘ (u − pᵀu) for each vector, then Y += (S u) xᵀ. With u taken relative to
 * the leading class r, pᵀu = Σ_{c ≠ r} p_c u_c is small where the other p_c are, and so is all of S u, to its relative accuracy.
 */
function hessianProducts(
  { features, classes: k }: LabelledData,
  { probabilities, leading }: Predictions,
  block: Float64Array,
  columns: number,
): Float64Array {
  const { rows: n, columns: d } = features;
  const width = k * columns; // one feature's entries for all classes of all vectors lie together
  const byFeature = transpose(block, width, d);
  const result = new Float64Array(d * width);
  const offsetResult = new Float64Array(width);
  const offsets = columnSums(byFeature, d, width, features.offset);
  const u = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    multiplyRow(features, i, byFeature, offsets, u);
    for (let start = 0; start < width; start += k) {
      const reference = u[start + leading[i]!]!;
      let average = 0;
      for (let c = 0; c < k; c++) {
        u[start + c]! -= reference; // exactly 0 for the leading class
        average += probabilities[i * k + c]! * u[start + c]!;
      }
      for (let c = 0; c < k; c++) u[start + c] = probabilities[i * k + c]! * (u[start + c]! - average);
    }
    accumulate(features, i, u, result, offsetResult);
  }
  finish(result, offsetResult, features.offset, n);
  return transpose(result, d, width);
}

/** Y += x_i yᵀ; what the constant of the features adds to every feature is summed once, in `offsetSum`. */
function accumulate(x: Features, i: number, y: Float64Array, byFeature: Float64Array, offsetSum: Float64Array): void {
  addOuterRow(x, i, y, byFeature);
  for (let q = 0; q < y.length; q++) offsetSum[q]! += y[q]!;
}

function finish(byFeature: Float64Array, offsetSum: Float64Array, offset: number, samples: number): void {
  const width = offsetSum.length;
  for (let j = 0; j < byFeature.length; j++) byFeature[j] = (byFeature[j]! + offset * offsetSum[j % width]!) / samples;
}

/** offset · Σ_f M[f]. */
function columnSums(byFeature: Float64Array, d: number, width: number, offset: number): Float64Array {
  const sums = new Float64Array(width);
  if (offset !== 0) for (let j = 0; j < d * width; j++) sums[j % width]! += offset * byFeature[j]!;
  return sums;
}

/**
 * z → p in place, r the leading class; returns −log p_label = log(1 + B) + z_r − z_label with B = Σ_{c ≠ r} e^{z_c − z_r}: no term is
 * negative, so that small losses keep their relative accuracy and large ones stay finite.
 */
function softmaxInPlace(z: Float64Array, leading: number, label: number): number {
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
function subtractLabel(p: Float64Array, label: number): void {
  let others = 0;
  for (let c = 0; c < p.length; c++) if (c !== label) others += p[c]!;
  p[label] = -others;
}

function firstLargest(z: Float64Array): number {
  let at = 0;
  for (let c = 1; c < z.length; c++) if (z[c]! > z[at]!) at = c;
  return at;
}

/** rows×columns → columns×rows. */
function transpose(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = x[r * columns + c]!;
  return result;
}
