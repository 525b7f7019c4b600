import { networkSnapshot } from '../../../loss/network-snapshot.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';

export interface SlopeVariancesArguments extends TrainedArguments {
  /** How many of the largest eigenvalues. */
  readonly top: number;
  readonly tolerance: number;
}

export interface SlopeVariances {
  /** λ_i of the Hessian, descending. */
  readonly eigenvalues: readonly number[];
  /** c_i: the variance over all samples of ∇ℓ·v_i, the slope of the loss of one of them. */
  readonly covariances: readonly number[];
}

/** λ_i and c_i = v_iᵀCv_i along the top eigenvectors of the Hessian, at the last weights of a run. Cost: the eigenpairs and a forward pass for each. */
export const slopeVariances: Probe<SlopeVariancesArguments, SlopeVariances> = {
  name: 'slope-variances',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ objective, weights, statistics }) => {
      const { top, tolerance, config } = args;
      const options = { top, time: 0, statistics, tolerance, seed: config.seed };
      const { pairs } = await networkSnapshot(objective, weights, options);
      const slopes = await objective.sampleSlopes(
        weights,
        pairs.vectors.slice(0, top * weights.length),
        top,
        statistics,
      );
      const n = slopes.length / top;
      const variance = (j: number): number => {
        const own = slopes.subarray(j * n, (j + 1) * n);
        const mean = own.reduce((sum, slope) => sum + slope, 0) / n;
        return own.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / n;
      };
      return {
        eigenvalues: [...pairs.values].slice(0, top),
        covariances: Array.from({ length: top }, (_, j) => variance(j)),
      };
    }),
};
