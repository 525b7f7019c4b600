import { UsageError } from '../../errors.js';
import { classTargets, featureCount, type Dataset } from '../../data/dataset.js';
import { blockLanczos } from '../../numeric/lanczos/block-lanczos.js';
import { dot, orthonormalise } from '../../numeric/kernels/orthonormalise.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { MixtureModel } from '../../exact/population/index.js';

/** A labelled data set seen as a Gaussian mixture. */
export interface GaussianFit {
  readonly classes: number;
  readonly features: number;
  readonly samples: number;
  /** Of equiangular means: r² = mean ‖μ_a‖², ρ = mean of μ_a·μ_b (a ≠ b) over r², and the root mean square of what they leave of the Gram matrix, over r². */
  readonly norm: number;
  readonly correlation: number;
  readonly gramMisfit: number;
  /** Total variance within classes, tr Σ, Σ the pooled covariance, and its participation ratio (tr Σ)²/tr Σ². */
  readonly withinVariance: number;
  readonly participationRatio: number;
  /** √(tr Σ/d): the noise of an isotropic mixture of the same total variance. */
  readonly noise: number;
  /** The same average over the k − 1 directions of the centred means only, in which the classes differ. */
  readonly noiseOfMeans: number;
  /** Own means and priors, and the `components` largest eigenvalues of Σ, in its eigenbasis; what is left of the means lies in at most k features more. */
  readonly mixture: MixtureModel;
  readonly components: number;
  /** Share of tr Σ that the mixture has. */
  readonly varianceKept: number;
}

/**
 * Fits means, priors and the pooled covariance Σ within classes. Throws UsageError if a class is empty. Cost: O(samples · features²) for Σ,
 * then block Lanczos.
 */
export function gaussianFit(data: Dataset, components: number): GaussianFit {
  const { classes: k, labels } = classTargets(data);
  const [n, d] = [data.samples, featureCount(data)];
  const counts = new Float64Array(k);
  const means = new Float64Array(k * d);
  labels.forEach((a, i) => {
    counts[a]!++;
    for (let f = 0; f < d; f++) means[a * d + f]! += data.inputs[i * d + f]!;
  });
  if (counts.some((count) => count === 0)) throw new UsageError('every class needs samples to be fitted');
  for (let i = 0; i < k * d; i++) means[i]! /= counts[Math.floor(i / d)]!;
  const covariance = pooledCovariance(data, labels, means, n, d);
  const sigma = denseSymmetric(covariance, d);
  let [trace, squares] = [0, 0];
  for (let f = 0; f < d; f++) trace += covariance[f * d + f]!;
  for (const entry of covariance) squares += entry ** 2;

  const gram = (a: number, b: number): number => dot(means, a * d, means, b * d, d);
  const pairs = Array.from({ length: k * k }, (_, i) => [Math.floor(i / k), i % k] as const);
  const average = (chosen: readonly (readonly [number, number])[]): number =>
    chosen.reduce((sum, [a, b]) => sum + gram(a, b), 0) / chosen.length;
  const square = average(pairs.filter(([a, b]) => a === b));
  const correlation = average(pairs.filter(([a, b]) => a !== b)) / square;
  const misfit = pairs.reduce((sum, [a, b]) => sum + (gram(a, b) / square - (a === b ? 1 : correlation)) ** 2, 0);

  const { values, vectors } = blockLanczos(sigma, { count: components, tolerance: 1e-8 });
  const basis = withMeans(vectors, means, { k, d, components });
  const spread = (start: number): number => dot(sigma.apply(basis.subarray(start, start + d), 1), 0, basis, start, d);
  const dim = basis.length / d;
  const variances = Array.from({ length: dim }, (_, j) => (j < components ? values[j]! : spread(j * d)));
  const coordinates = new Float64Array(k * dim);
  for (let a = 0; a < k; a++) {
    for (let j = 0; j < dim; j++) coordinates[a * dim + j] = dot(means, a * d, basis, j * d, d);
  }
  return {
    classes: k,
    features: d,
    samples: n,
    norm: Math.sqrt(square),
    correlation,
    gramMisfit: Math.sqrt(misfit / (k * k)),
    withinVariance: trace,
    participationRatio: trace ** 2 / squares,
    noise: Math.sqrt(trace / d),
    noiseOfMeans: Math.sqrt(varianceOfMeans(sigma, means, k, d)),
    mixture: {
      classes: k,
      dim,
      means: coordinates,
      priors: Array.from(counts, (count) => count / n),
      noises: new Array<number>(k).fill(1),
      shape: Float64Array.from(variances, (variance) => Math.sqrt(Math.max(0, variance))),
    },
    components,
    varianceKept: variances.reduce((sum, variance) => sum + variance, 0) / trace,
  };
}

function pooledCovariance(
  { inputs }: Dataset,
  labels: Uint16Array,
  means: Float64Array,
  n: number,
  d: number,
): Float64Array {
  const sum = new Float64Array(d * d);
  const x = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const [row, mean] = [i * d, labels[i]! * d];
    for (let f = 0; f < d; f++) x[f] = inputs[row + f]! - means[mean + f]!;
    for (let f = 0; f < d; f++) {
      const [value, at] = [x[f]!, f * d];
      if (value !== 0) for (let g = f; g < d; g++) sum[at + g]! += value * x[g]!;
    }
  }
  for (let f = 0; f < d; f++) for (let g = f; g < d; g++) sum[g * d + f] = sum[f * d + g] = sum[f * d + g]! / n;
  return sum;
}

function denseSymmetric(matrix: Float64Array, d: number): SymmetricOperator {
  return {
    dimension: d,
    apply: (block, columns) =>
      Float64Array.from({ length: d * columns }, (_, i) => dot(matrix, (i % d) * d, block, i - (i % d), d)),
  };
}

/** The leading eigenvectors, and an orthonormal basis of what they leave of the means. */
function withMeans(
  vectors: Float64Array,
  means: Float64Array,
  { k, d, components }: { readonly k: number; readonly d: number; readonly components: number },
): Float64Array {
  const leading = { dimension: d, data: vectors.slice(0, components * d), count: components };
  const rest = orthonormalise({ dimension: d, data: means.slice(), count: k }, leading, 1e-9);
  const joined = new Float64Array((components + rest.count) * d);
  joined.set(leading.data);
  joined.set(rest.data.subarray(0, rest.count * d), components * d);
  return joined;
}

/** tr(QΣ)/(k−1), Q the projector on the differences of the means. */
function varianceOfMeans(sigma: SymmetricOperator, means: Float64Array, k: number, d: number): number {
  const centred = means.slice();
  for (let f = 0; f < d; f++) {
    let mean = 0;
    for (let a = 0; a < k; a++) mean += means[a * d + f]! / k;
    for (let a = 0; a < k; a++) centred[a * d + f]! -= mean;
  }
  const Q = orthonormalise(
    { dimension: d, data: centred, count: k },
    { dimension: d, data: new Float64Array(0), count: 0 },
    1e-9 * Math.sqrt(dot(centred, 0, centred, 0, k * d)),
  );
  const moved = sigma.apply(Q.data.slice(0, Q.count * d), Q.count);
  return dot(moved, 0, Q.data, 0, Q.count * d) / Q.count;
}
