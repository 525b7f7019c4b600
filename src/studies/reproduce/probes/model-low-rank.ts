import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { regressionPoint } from '../../../loss/softmax/softmax-regression.js';
import { blockLanczos } from '../../../numeric/lanczos/block-lanczos.js';
import type { Probe } from '../engine/probe.js';
import type { DenseLayer } from './dense-layers.js';
import type { LowRankStart } from './low-rank-adaptation.js';
import { covarianceRows, curvatureRows, randomRows, shareCaught } from './low-rank-starts.js';

export interface ModelLowRankArguments {
  /** k, d and σ of the new task's mixture, n of its samples; d ≥ 2k. */
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly samples: number;
  /** α of W = α Σ (e_a − 1/k) μ_aᵀ, as the old task has left it. */
  readonly margin: number;
  /** φ, in degrees: between the mean ν_a of each new class and μ_a of the old one. */
  readonly angles: readonly number[];
  readonly seed: number;
}

export interface ModelLowRank {
  /** Rank: k − 1. At each angle how much of the span of the new centred means lies in that of the rows of A, from 0 to 1. */
  readonly caught: readonly ({ readonly angle: number } & Readonly<Record<LowRankStart, number>>)[];
}

/**
 * Softmax regression on a second Gaussian mixture, from the weights of a first one: the best A of rank k − 1 has the centred means of the new classes as its span; how much of it do the starts
 * have? New means are ν_a = e_a, old ones μ_a = cos φ e_a + sin φ e_{k+a}; samples are drawn. Cost: n d (k + rank) and k(k − 1) eigenvectors an angle.
 */
export const modelLowRank: Probe<ModelLowRankArguments, ModelLowRank> = {
  name: 'model-low-rank',
  revision: 1,
  run({ classes: k, dim, noise, samples, margin, angles, seed }, { onProgress }) {
    const data = sampleMixture({ classes: k, dim, noise }, samples, seed, 'low-rank');
    const inputs = new Float64Array(samples * dim);
    const { rowStart, column, value } = data.features;
    for (let i = 0; i < samples; i++)
      for (let at = rowStart[i]!; at < rowStart[i + 1]!; at++) inputs[i * dim + column[at]!] = value[at]!;
    const means = centredMeans(k, dim);
    const rank = k - 1;
    const caught = angles.map((angle, done) => {
      const weights = weightsOf({ classes: k, dim, margin, angle });
      const layer: DenseLayer = { name: 'dense1', units: k, features: dim, weights, inputs };
      const { hessian } = regressionPoint(data, weights);
      const top = blockLanczos(hessian, { count: k * rank, tolerance: 1e-6, verify: false, effort: 0, seed });
      const share = (rows: Float64Array): number => shareCaught(means, rows, dim);
      onProgress((done + 1) / angles.length);
      return {
        angle,
        random: share(randomRows(layer, rank, seed)),
        covariance: share(covarianceRows(layer, rank)),
        hessian: share(curvatureRows(layer, top, rank)),
      };
    });
    return Promise.resolve({ caught });
  },
};

/** α Σ_a (e_a − 1/k) μ_aᵀ, row-major. */
function weightsOf({
  classes: k,
  dim,
  margin,
  angle,
}: {
  readonly classes: number;
  readonly dim: number;
  readonly margin: number;
  readonly angle: number;
}): Float64Array {
  const [near, far] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const weights = new Float64Array(k * dim);
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < k; a++) {
      const entry = margin * ((a === c ? 1 : 0) - 1 / k);
      weights[c * dim + a] = entry * near;
      weights[c * dim + k + a] = entry * far;
    }
  }
  return weights;
}

/** ν_a − ν̄, one a row. Their k − 1 singular values are all 1, so that a share of their squares is one of their span. */
function centredMeans(k: number, dim: number): Float64Array {
  const means = new Float64Array(k * dim);
  for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) means[c * dim + a] = (a === c ? 1 : 0) - 1 / k;
  return means;
}
