import { UsageError } from '../../errors.js';
import { atOnce, overRows, type Pausing } from '../../numeric/kernels/pausing.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import { outerSum, rowProducts } from './feature-sums.js';
import { firstLargest, softmaxInPlace, subtractLabel } from './softmax-rows.js';
import type { LabelledData } from '../../data/features.js';

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
  /** The products of `hessian`, with pauses. */
  readonly products: (block: Float64Array, columns: number) => Pausing<Float64Array>;
  /** (p_i − e_{y_i})ᵀ V_j x_i of every sample and every direction V_j, k×d, at `j * n + i`. */
  readonly sampleSlopes: (directions: Float64Array, columns: number) => Float64Array;
  /** `sampleSlopes` with pauses. */
  readonly slopes: (directions: Float64Array, columns: number) => Pausing<Float64Array>;
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
  return atOnce(regressionProgram(data, weights));
}

/** `regressionPoint` with pauses. */
export function* regressionProgram(data: LabelledData, weights: Float64Array): Pausing<RegressionPoint> {
  const { features, labels, classes: k } = data;
  const { rows: n, columns: d } = features;
  if (weights.length !== k * d) {
    throw new UsageError(
      `weights must hold classes × features = ${k}·${d} = ${k * d} numbers, received ${weights.length}`,
    );
  }
  const probabilities = new Float64Array(n * k);
  const leading = new Uint32Array(n);
  const logitsOf = rowProducts(features, weights, k);
  const gradient = outerSum(features, k);
  const logits = new Float64Array(k);
  let loss = 0;
  let correct = 0;
  yield* overRows(n, costOf(features, k), (from, to) => {
    for (let i = from; i < to; i++) {
      logitsOf(i, logits);
      const label = labels[i]!;
      leading[i] = firstLargest(logits);
      loss += softmaxInPlace(logits, leading[i]!, label);
      if (leading[i] === label) correct++;
      probabilities.set(logits, i * k);
      subtractLabel(logits, label);
      gradient.add(i, logits);
    }
  });
  const products = (block: Float64Array, columns: number): Pausing<Float64Array> =>
    hessianProducts(data, { probabilities, leading }, block, columns);
  const slopes = (directions: Float64Array, columns: number): Pausing<Float64Array> =>
    slopesAlong(data, probabilities, directions, columns);
  return {
    loss: loss / n,
    accuracy: correct / n,
    gradient: gradient.mean(n),
    hessian: {
      dimension: k * d,
      apply: (block, columns) => atOnce(products(block, columns)),
    },
    products,
    sampleSlopes: (directions, columns) => atOnce(slopes(directions, columns)),
    slopes,
  };
}

/** Mean loss and its gradient, k×d, of some of the samples. */
export function batchPoint(
  data: LabelledData,
  weights: Float64Array,
  samples: ArrayLike<number>,
): Pick<RegressionPoint, 'loss' | 'gradient'> {
  return atOnce(batchProgram(data, weights, samples));
}

/** `batchPoint` with pauses. */
export function* batchProgram(
  data: LabelledData,
  weights: Float64Array,
  samples: ArrayLike<number>,
): Pausing<Pick<RegressionPoint, 'loss' | 'gradient'>> {
  const { features, labels, classes: k } = data;
  const logitsOf = rowProducts(features, weights, k);
  const gradient = outerSum(features, k);
  const logits = new Float64Array(k);
  let loss = 0;
  yield* overRows(samples.length, costOf(features, k), (from, to) => {
    for (let s = from; s < to; s++) {
      const i = samples[s]!;
      logitsOf(i, logits);
      loss += softmaxInPlace(logits, firstLargest(logits), labels[i]!);
      subtractLabel(logits, labels[i]!);
      gradient.add(i, logits);
    }
  });
  return { loss: loss / samples.length, gradient: gradient.mean(samples.length) };
}

/** The gradient of the mean loss of some of the samples, k×d. */
export function batchGradient(data: LabelledData, weights: Float64Array, samples: ArrayLike<number>): Float64Array {
  return batchPoint(data, weights, samples).gradient;
}

/**
 * Y = H X for a block: per sample u = V x, then S u = p ∘ (u − pᵀu) for each vector, then Y += (S u) xᵀ. With u taken relative to
 * the leading class r, pᵀu = Σ_{c ≠ r} p_c u_c is small where the other p_c are, and so is all of S u, to its relative accuracy.
 */
function* hessianProducts(
  { features, classes: k }: LabelledData,
  { probabilities, leading }: Predictions,
  block: Float64Array,
  columns: number,
): Pausing<Float64Array> {
  const n = features.rows;
  const width = k * columns; // one feature's entries for all classes of all vectors lie together
  const productsOf = rowProducts(features, block, width);
  const result = outerSum(features, width);
  const u = new Float64Array(width);
  yield* overRows(n, 2 * costOf(features, width), (from, to) => {
    for (let i = from; i < to; i++) {
      productsOf(i, u);
      for (let start = 0; start < width; start += k) {
        const reference = u[start + leading[i]!]!;
        let average = 0;
        for (let c = 0; c < k; c++) {
          u[start + c]! -= reference; // exactly 0 for the leading class
          average += probabilities[i * k + c]! * u[start + c]!;
        }
        for (let c = 0; c < k; c++) u[start + c] = probabilities[i * k + c]! * (u[start + c]! - average);
      }
      result.add(i, u);
    }
  });
  return result.mean(n);
}

/** Σ_{c ≠ y} p_c (u_c − u_y), u = V x: p − e_y sums to zero, and 1 − p_y is never formed by subtraction. */
function* slopesAlong(
  { features, labels, classes: k }: LabelledData,
  probabilities: Float64Array,
  directions: Float64Array,
  columns: number,
): Pausing<Float64Array> {
  const n = features.rows;
  const productsOf = rowProducts(features, directions, k * columns);
  const u = new Float64Array(k * columns);
  const slopes = new Float64Array(n * columns);
  yield* overRows(n, costOf(features, k * columns), (from, to) => {
    for (let i = from; i < to; i++) {
      productsOf(i, u);
      const label = labels[i]!;
      for (let j = 0; j < columns; j++) {
        let slope = 0;
        for (let c = 0; c < k; c++) slope += probabilities[i * k + c]! * (u[j * k + c]! - u[j * k + label]!);
        slopes[j * n + i] = slope;
      }
    }
  });
  return slopes;
}

/** Multiplications of a row of X with a matrix of so many columns, on average. */
function costOf({ value, rows }: LabelledData['features'], width: number): number {
  return (value.length / rows + 1) * width;
}
