import { denseEigen } from '../numeric/kernels/dense-eigen.js';
import { dot } from '../numeric/kernels/orthonormalise.js';
import { atOnce, breath, type Pausing } from '../numeric/kernels/pausing.js';

/** The sums for every pair: weights w[c·k + c′] and gradients, each of the parameters' length, all over n. */
export interface ClassGradients {
  readonly classes: number;
  readonly weights: Float64Array;
  readonly sums: readonly Float64Array[];
}

/** Eigenvalues, descending, of two parts of the Gauss–Newton matrix. */
export interface PapyanSplit {
  /** G_class = Σ_c w_c g_c g_cᵀ, of rank k: the C outliers. */
  readonly between: Float64Array;
  /** G_cross = Σ_{c ≠ c′} w_{cc′} (g_{cc′} − g_c)(g_{cc′} − g_c)ᵀ, of rank k(k−2): the mini-bulk. */
  readonly cross: Float64Array;
}

/** The same parts as vectors x of which each is Σ x xᵀ. */
export interface PapyanParts {
  readonly between: readonly Float64Array[];
  readonly cross: readonly Float64Array[];
  /** The gradients of classes for themselves: Σ_c w_{cc} g_{cc} g_{cc}ᵀ. */
  readonly own: readonly Float64Array[];
}

/**
 * Papyan's split (arXiv:1901.08244, arXiv:2008.11865): g_{cc′} the weighted means of the gradients of a pair of classes, c′ ≠ c, and
 * g_c those of the g_{cc′}. What is left of G are the gradients of classes for themselves, c′ = c, and what varies within pairs. Both parts have low rank, so that their eigenvalues are those of
 * Gram matrices. Cost: O(k⁴ · parameters).
 */
export function papyanSplit(gradients: ClassGradients): PapyanSplit {
  return atOnce(papyanSplitProgram(gradients));
}

/** `papyanSplit` with pauses. */
export function* papyanSplitProgram(gradients: ClassGradients): Pausing<PapyanSplit> {
  const { between, cross } = yield* partsProgram(gradients);
  return { between: yield* gramProgram(between), cross: yield* gramProgram(cross) };
}

/** The parts themselves: k, k(k − 1) and k vectors at most. Cost: O(k² · parameters). */
export function papyanParts(gradients: ClassGradients): PapyanParts {
  return atOnce(partsProgram(gradients));
}

function* partsProgram({ classes: k, weights, sums }: ClassGradients): Pausing<PapyanParts> {
  const n = sums[0]!.length;
  const centred: Float64Array[] = [];
  const means: Float64Array[] = [];
  const own: Float64Array[] = [];
  for (let c = 0; c < k; c++) {
    const itself = weights[c * k + c]!;
    if (itself > 0) own.push(sums[c * k + c]!.map((x) => x / Math.sqrt(itself)));
    const others = Array.from({ length: k }, (_, i) => i).filter((i) => i !== c);
    const weight = others.reduce((total, i) => total + weights[c * k + i]!, 0);
    if (!(weight > 0)) continue; // a class without samples, or without errors
    const mean = new Float64Array(n);
    for (const i of others) {
      yield;
      for (let j = 0; j < n; j++) mean[j]! += sums[c * k + i]![j]! / weight;
    }
    means.push(mean.map((x) => x * Math.sqrt(weight)));
    for (const i of others) {
      yield;
      const pair = weights[c * k + i]!;
      if (pair > 0) centred.push(sums[c * k + i]!.map((x, j) => (x / pair - mean[j]!) * Math.sqrt(pair)));
    }
  }
  return { between: means, cross: centred, own };
}

/** The eigenvalues of Σ x xᵀ that need not be zero: those of the matrix of inner products. */
export function gramEigenvalues(vectors: readonly Float64Array[]): Float64Array {
  return atOnce(gramProgram(vectors));
}

function* gramProgram(vectors: readonly Float64Array[]): Pausing<Float64Array> {
  const size = vectors.length;
  if (size === 0) return new Float64Array(0);
  const gram = new Float64Array(size * size);
  const together = Math.max(1, Math.floor(breath / vectors[0]!.length));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (j % together === 0) yield;
      gram[i * size + j] = gram[j * size + i] = dot(vectors[i]!, 0, vectors[j]!, 0, vectors[i]!.length);
    }
  }
  const apply = (block: Float64Array, columns: number): Float64Array =>
    Float64Array.from({ length: size * columns }, (_, at) =>
      dot(gram, (at % size) * size, block, at - (at % size), size),
    );
  return denseEigen({ dimension: size, apply }).values;
}
