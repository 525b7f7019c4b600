import { sampleMixture } from '../../../data/gaussian-mixture.js';
import { denseMatrix } from '../../../data/features.js';
import { gradientMoment, type MomentLevel } from '../../../exact/noisy/gradient-moment.js';
import { gramMatrix } from '../../../numeric/kernels/inner-products.js';
import { randomStream } from '../../../numeric/random.js';
import { gramSpectrum } from '../../../observe/matrix-spectrum.js';
import type { Probe } from '../engine/probe.js';

export interface ModelSpectraArguments {
  readonly classes: number;
  readonly dim: number;
  readonly noise: number;
  readonly margin: number;
  /** n. */
  readonly samples: number;
  /** How many Gaussian matrices stand for n samples. */
  readonly draws: number;
  readonly seed: number;
}

export interface ModelSpectra {
  /** Of E[∇ℓ ∇ℓᵀ], exact. */
  readonly levels: readonly MomentLevel[];
  /** σ/√n of the gradients of n single samples of the model, not centred, descending; without those that are 0. */
  readonly measured: readonly number[];
  /** The same of the population, n → ∞: the roots of the exact levels. */
  readonly population: readonly number[];
  /** The same of n Gaussian gradients with the exact mean and covariance, each the mean over draws. */
  readonly predicted: readonly number[];
  /** Of these, each stretched to the length of one of the samples' gradients. */
  readonly stretched: readonly number[];
  /** As how many gradients of one length theirs count, (Σ‖∇ℓ‖²)²/Σ‖∇ℓ‖⁴. */
  readonly lengths: number;
}

/**
 * Singular values of the gradients of single samples in the exact model at W = αB, sampled, against its sectors: of the population, and of as many Gaussian gradients of the same mean and covariance,
 * which know nothing of a sample but these, or its length besides. Cost: O(n k²d²) for each matrix.
 */
export const modelSpectra: Probe<ModelSpectraArguments, ModelSpectra> = {
  name: 'model-spectra',
  revision: 2,
  run(args, { onProgress, signal }) {
    const { samples: n, draws, seed } = args;
    const levels = gradientMoment(args);
    const each = levels.flatMap((level) => Array<MomentLevel>(level.multiplicity).fill(level));
    const sampled = sampledGradients(args);
    const measured = singularValues(sampled, n, each.length);
    const squares = rowSquares(sampled, n);
    const predicted = new Float64Array(Math.min(n, each.length));
    const stretched = new Float64Array(predicted.length);
    for (let draw = 0; draw < draws; draw++) {
      signal.throwIfAborted();
      onProgress(draw / draws);
      const stream = randomStream(seed, 'gaussian gradients', draw);
      const rows = Float64Array.from({ length: n * each.length }, (_, i) => {
        const { mean, covariance } = each[Math.floor(i / n)]!;
        return mean + Math.sqrt(covariance) * stream.normal();
      });
      const own = rowSquares(rows, n);
      const longer = rows.map((x, i) => x * Math.sqrt(squares[i % n]! / own[i % n]!));
      singularValues(rows, n, each.length).forEach((value, i) => (predicted[i]! += value / draws));
      singularValues(longer, n, each.length).forEach((value, i) => (stretched[i]! += value / draws));
    }
    const population = each.map(({ value }) => Math.sqrt(value));
    const [sum, fourth] = [1, 2].map((power) => squares.reduce((all, square) => all + square ** power, 0));
    return Promise.resolve({
      levels,
      measured,
      population,
      predicted: [...predicted],
      stretched: [...stretched],
      lengths: sum! ** 2 / fourth!,
    });
  },
};

/** ‖row‖² of a matrix of n rows, given column by column. */
function rowSquares(columns: Float64Array, n: number): Float64Array {
  const squares = new Float64Array(n);
  columns.forEach((x, i) => (squares[i % n]! += x * x));
  return squares;
}

/** σ/√n of a matrix of n rows, given column by column, the `rank` largest. */
function singularValues(columns: Float64Array, n: number, rank: number): number[] {
  const p = columns.length / n;
  const values = gramSpectrum(gramMatrix(columns, p, n), p);
  return Array.from(values.subarray(0, Math.min(n, rank)), (value) => Math.sqrt(value / n));
}

/** (p − e_y) xᵀ of n samples at W = αB, the means being the first k features: its kd columns one after the other. */
function sampledGradients({ classes: k, dim, noise, margin, samples: n, seed }: ModelSpectraArguments): Float64Array {
  const { features, labels } = sampleMixture({ classes: k, dim, noise }, n, seed);
  const x = denseMatrix(features);
  const columns = new Float64Array(k * dim * n);
  for (let i = 0; i < n; i++) {
    const odds = Array.from({ length: k }, (_, c) => Math.exp(margin * x[i * dim + c]!)); // B shifts all logits alike
    const sum = odds.reduce((all, one) => all + one, 0);
    for (let c = 0; c < k; c++) {
      const slope = odds[c]! / sum - (labels[i] === c ? 1 : 0);
      for (let f = 0; f < dim; f++) columns[(c * dim + f) * n + i] = slope * x[i * dim + f]!;
    }
  }
  return columns;
}
