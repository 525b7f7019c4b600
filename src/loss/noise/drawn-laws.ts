import { shuffledVariance, stationaryEnergy } from '../../sgd-noise/index.js';

/** How SGD draws its noise: η, μ of the heavy ball, and batches of b samples, drawn from all of them anew each step, or in epochs that take each once. */
export interface DrawnSteps {
  readonly learningRate: number;
  readonly momentum?: number;
  /** b; where batches differ, their harmonic mean, which has their mean of 1/b. */
  readonly batch: number;
  readonly replacement: boolean;
}

/** E g² along a mode of eigenvalue λ in which the gradient of a sample has the variance c; for λ < 0, a mode that noise leaves for good, that of |λ|. */
export type DrawnLaw = (eigenvalue: number, covariance: number) => number;

/** The variance of a batch's noise where that of a sample is 1: 1/b, times (n−b)/(n−1) where no sample is drawn twice. */
export function batchVariance({ batch, replacement }: DrawnSteps, samples: number): number {
  return (replacement ? 1 : (samples - batch) / (samples - 1)) / batch;
}

/**
 * The laws of noise at rest: each step's noise independent, (η/b) cλ/(2 − ηλ) or that of the heavy ball; and the mean over an epoch of batches whose noises add up to zero
 * (`shuffledVariance`). Both null where a given eigenvalue has no state of rest, ηλ ≥ 2(1+μ); the latter with momentum or replacement too.
 */
export function drawnLaws(
  steps: DrawnSteps,
  samples: number,
  eigenvalues: readonly number[],
): { readonly stationary: DrawnLaw | null; readonly shuffled: DrawnLaw | null } {
  const { learningRate, batch, momentum = 0, replacement } = steps;
  if (eigenvalues.some((x) => learningRate * Math.abs(x) >= 2 * (1 + momentum))) {
    return { stationary: null, shuffled: null };
  }
  const unit = batchVariance(steps, samples);
  const perEpoch = { learningRate, batch: 1, samples: Math.max(2, Math.round(samples / batch)) };
  return {
    stationary: (x, c) => stationaryEnergy(Math.abs(x), unit * c, { learningRate, batch: 1, momentum }),
    shuffled:
      momentum > 0 || replacement
        ? null
        : (x, c) => (x === 0 ? 0 : x ** 2 * shuffledVariance(Math.abs(x), 1, perEpoch).mean * unit * c),
  };
}
