import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { gradientFactors } from '../../../exact/noisy/gradient-factors.js';
import { batchGradient } from '../../../loss/softmax/softmax-regression.js';
import { smallSymmetricEigen } from '../../../numeric/kernels/small-symmetric-eigen.js';
import { klShampooStep, kroneckerStart, shampooTerm } from '../../../observe/kronecker-factors.js';
import type { Probe } from '../engine/probe.js';
import { lineWeights } from './line-weights.js';

export interface ModelFactorsArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  /** W = αB: margins over 1/σ². */
  readonly relativeMargins: readonly number[];
  readonly batch: number;
  readonly batches: number;
  /** β of KL-Shampoo. */
  readonly beta: number;
  readonly seed: number;
}

/** E GᵀG along the mean of the means, on their differences, and on the bulk. */
export type FeatureLevels = Readonly<Record<'mean' | 'differences' | 'bulk', number>>;

/** Factors at one margin. */
export interface ModelFactors {
  readonly relativeMargin: number;
  /** In closed form, and means over independent batches with their standard errors. */
  readonly predicted: FeatureLevels;
  readonly measured: FeatureLevels;
  readonly errors: FeatureLevels;
  /** The same of KL-Shampoo's factor, without what is left of its start, in its own unit. */
  readonly kl: FeatureLevels;
  /** Eigenvalues of Shampoo's mean factor of the features, descending, and the share of its k leading eigenvectors in the span of the means. */
  readonly eigenvalues: readonly number[];
  readonly meanSpace: number;
  /** Eigenvalues of that of the classes, k of them. */
  readonly classes: readonly number[];
}

/**
 * Shampoo's and KL-Shampoo's factors of softmax regression on the mixture at W = αB, from batches of new samples, beside their closed form. Cost: a gradient and two factors a
 * batch.
 */
export const modelFactors: Probe<ModelFactorsArguments, readonly ModelFactors[]> = {
  name: 'model-factors',
  revision: 1,
  async run(args, { signal, onProgress }) {
    const found: ModelFactors[] = [];
    for (const [i, relativeMargin] of args.relativeMargins.entries()) {
      signal.throwIfAborted();
      found.push(factorsAt(args, relativeMargin));
      onProgress((i + 1) / args.relativeMargins.length);
    }
    return Promise.resolve(found);
  },
};

function factorsAt(args: ModelFactorsArguments, relativeMargin: number): ModelFactors {
  const { classes: k, dim: d, noise, batch, batches, beta, seed } = args;
  const margin = relativeMargin / noise ** 2;
  const { features } = gradientFactors({ classes: k, dim: d, noise, margin }, batch);
  const weights = lineWeights(args, margin);
  const data = sampleMixture(args, batch * batches, seed, 'factors', relativeMargin);
  const sum = { left: new Float64Array(k * k), right: new Float64Array(d * d) };
  const levels: FeatureLevels[] = [];
  const scale = Math.sqrt(features.bulk.value / k);
  let kl = kroneckerStart(k, d, scale);
  for (let i = 0; i < batches; i++) {
    const rows = Uint32Array.from({ length: batch }, (_, j) => i * batch + j);
    const gradient = { rows: k, columns: d, data: batchGradient(data, weights, rows) };
    const term = shampooTerm(gradient);
    term.left.forEach((x, at) => (sum.left[at]! += x / batches));
    term.right.forEach((x, at) => (sum.right[at]! += x / batches));
    levels.push(levelsOf(term.right, k, d));
    kl = klShampooStep(kl, gradient, beta);
  }
  const over = (of: (name: keyof FeatureLevels) => number): FeatureLevels => ({
    mean: of('mean'),
    differences: of('differences'),
    bulk: of('bulk'),
  });
  const left = (1 - beta) ** batches * scale;
  const accumulated = kl.right.map((x, i) => (i % (d + 1) === 0 ? x - left : x));
  const measured = levelsOf(sum.right, k, d);
  const { values, vectors } = smallSymmetricEigen(sum.right, d);
  let inMeans = 0;
  for (let v = 0; v < k; v++) for (let f = 0; f < k; f++) inMeans += vectors[v * d + f]! ** 2 / k;
  return {
    relativeMargin,
    predicted: over((name) => features[name].value),
    measured,
    errors: over((name) => {
      const scatter = levels.reduce((total, level) => total + (level[name] - measured[name]) ** 2, 0);
      return Math.sqrt(scatter / (batches - 1) / batches);
    }),
    kl: levelsOf(accumulated, k, d),
    eigenvalues: [...values],
    meanSpace: inMeans,
    classes: [...smallSymmetricEigen(sum.left, k).values],
  };
}

/** The means over the irreps of a factor of the features, of which the first k are along the means. */
function levelsOf(right: Float64Array, k: number, d: number): FeatureLevels {
  const trace = (from: number, to: number): number => {
    let total = 0;
    for (let f = from; f < to; f++) total += right[f * (d + 1)]!;
    return total;
  };
  let mean = 0;
  for (let f = 0; f < k; f++) for (let g = 0; g < k; g++) mean += right[f * d + g]! / k;
  return { mean, differences: (trace(0, k) - mean) / (k - 1), bulk: trace(k, d) / (d - k) };
}
