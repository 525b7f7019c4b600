import { networkSnapshot } from '../../../loss/network-snapshot.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';

export interface GradientEnergiesArguments extends TrainedArguments {
  /** How many of the largest eigenvalues. */
  readonly top: number;
  readonly tolerance: number;
}

export interface GradientEnergies {
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  /** (v_iᵀg)²/‖g‖² for each of them. */
  readonly energies: readonly number[];
}

/** The share of the gradient in each of the top eigenvectors at the weights of a run. Cost: the eigenpairs and a gradient. */
export const gradientEnergies: Probe<GradientEnergiesArguments, GradientEnergies> = {
  name: 'gradient-energies',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ objective, weights, statistics }) => {
      const { top, tolerance, config } = args;
      const options = { top, time: 0, statistics, tolerance, seed: config.seed };
      const { snapshot, pairs } = await networkSnapshot(objective, weights, options);
      const { gradient, spectrum } = snapshot;
      const total = gradient.reduce((sum, x) => sum + x * x, 0);
      return {
        eigenvalues: [...pairs.values],
        residuals: [...pairs.residuals],
        energies: spectrum.levels.map((_, i) => spectrum.energy(i, gradient) / total),
      };
    }),
};
