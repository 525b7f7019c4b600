import { UsageError } from '../errors.js';
import type { SymmetricOperator } from '../numeric/symmetric-operator.js';
import { addOuterRow, multiplyRow } from './row-kernels.js';
import type { Features, LabelledData } from '../data/features.js';

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

/**
 * Softmax regression on finite data, measured from its definition in double precision: the second path beside the closed form.
 *
 * `weights` is k×d, row-major. One pass over the data gives loss, accuracy, gradient and all probabilities; each Hessian
 * product then needs one more pass, shared by all vectors of a block. Memory: n·k probabilities. Cost of a pass with m
 * vectors: O(non-zeros · k · m). Throws UsageError on a wrong number of weights. The sums run in the order of the samples, so
 * that results are the same bytes everywhere.
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
    loss += softmaxInPlace(logits, label);
    if (isLargest(logits, label)) correct++;
    probabilities.set(logits, i * k);
    logits[label]! -= 1;
    accumulate(features, i, logits, gradient, offsetGradient);
  }
  finish(gradient, offsetGradient, features.offset, n);
  return {
    loss: loss / n,
    accuracy: correct / n,
    gradient: transpose(gradient, d, k),
    hessian: { dimension: k * d, apply: (block, columns) => hessianProducts(data, probabilities, block, columns) },
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
    softmaxInPlace(logits, labels[i]!);
    logits[labels[i]!]! -= 1;
    accumulate(features, i, logits, gradient, offsetGradient);
  }
  finish(gradient, offsetGradient, features.offset, samples.length);
  return transpose(gradient, d, k);
}

/** Y = H X for a block: per sample u = V x, then S u = p ∘ (u − pᵀu) for each vector, then Y += (S u) xᵀ. */
function hessianProducts(
  { features, classes: k }: LabelledData,
  probabilities: Float64Array,
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
      let average = 0;
      for (let c = 0; c < k; c++) average += probabilities[i * k + c]! * u[start + c]!;
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

/** logits → probabilities; returns −log p_label, without cancellation for small and without overflow for large losses. */
function softmaxInPlace(logits: Float64Array, label: number): number {
  let largest = -Infinity;
  for (const z of logits) largest = Math.max(largest, z);
  const own = logits[label]! - largest;
  let others = 0;
  let total = 0;
  for (let c = 0; c < logits.length; c++) {
    const e = Math.exp(logits[c]! - largest);
    logits[c] = e;
    total += e;
    if (c !== label) others += e;
  }
  for (let c = 0; c < logits.length; c++) logits[c]! /= total;
  return own === 0 ? Math.log1p(others) : Math.log(total) - own;
}

function isLargest(p: Float64Array, label: number): boolean {
  return p.indexOf(p.reduce((largest, x) => Math.max(largest, x))) === label;
}

/** rows×columns → columns×rows. */
function transpose(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = x[r * columns + c]!;
  return result;
}
