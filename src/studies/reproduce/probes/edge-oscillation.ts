import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { signFlips } from '../../../observe/sign-flips.js';
import { followedPairs } from '../../../train/follow.js';
import { noPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';
import { descendAlong } from './plain-descent.js';

export interface EdgeOscillationArguments extends TrainedArguments {
  /** Of gradient descent, that of the run. */
  readonly rate: number;
  readonly steps: number;
  /** Residual over ‖H‖ of the top eigenvector, which is computed anew every so many steps. */
  readonly tolerance: number;
  readonly refresh: number;
}

export interface EdgeOscillation {
  /** λ₁ each time it is computed. */
  readonly sharpness: readonly number[];
  /** gᵀv₁ and f_top(1) = (gᵀv₁)²/‖g‖² at each step. The sign of v₁ goes on where it is computed anew. */
  readonly slopes: readonly number[];
  readonly topFractions: readonly number[];
  /** Share of steps at which gᵀv₁ changes its sign. */
  readonly flips: number;
}

/**
 * Gradient descent by all samples from the last weights of a run, seen along the top eigenvector of the Hessian: in a quadratic a step multiplies gᵀv₁ by 1 − ηλ₁, so that it changes
 * its sign at every step where ηλ₁ > 1 (Cohen et al., arXiv:2103.00065). Cost: a gradient a step, and one eigenvector every `refresh` steps.
 */
export const edgeOscillation: Probe<EdgeOscillationArguments, EdgeOscillation> = {
  name: 'edge-oscillation',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ objective, weights: first, statistics }) => {
      const { rate, steps, tolerance, refresh, config } = args;
      const [sharpness, slopes, topFractions]: [number[], number[], number[]] = [[], [], []];
      let top = noPairs(first.length);
      await descendAlong(first, { rate, steps, signal: context.signal }, async ({ step, weights }) => {
        if (step % refresh === 0) {
          const hessian = objective.curvature('hessian', weights, { statistics });
          const found = await followedPairs(hessian, top, { count: 1, tolerance, seed: config.seed });
          const isTurned = top.vectors.length > 0 && dot(top.vectors, 0, found.vectors, 0, first.length) < 0;
          top = isTurned ? { ...found, vectors: found.vectors.map((x) => -x) } : found;
          sharpness.push(top.values[0]!);
        }
        const { gradient } = await objective.evaluate(weights, statistics);
        const along = dot(gradient, 0, top.vectors, 0, first.length);
        slopes.push(along);
        topFractions.push(along ** 2 / dot(gradient, 0, gradient, 0, first.length));
        context.onProgress(step / steps);
        return gradient;
      });
      return { sharpness, slopes, topFractions, flips: signFlips(slopes) };
    }),
};
