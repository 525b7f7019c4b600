import { objective } from '../../../loss/network/objective.js';
import type { Samples } from '../../../loss/network/sample-sums.js';
import { dot } from '../../../numeric/kernels/orthonormalise.js';
import { inHalfSpace } from '../../../numeric/kernels/half-space.js';
import { followedPairs, followedPart } from '../../../train/follow.js';
import { noPairs, type TopPairs } from '../../../train/top-pairs.js';
import type { Probe } from '../engine/probe.js';
import { atLastWeights, type TrainedArguments } from './at-weights.js';
import { inScratch } from './in-scratch.js';
import { descendAlong } from './plain-descent.js';
import { transposedTask } from './transposed-task.js';

/** What of the target's gradient is followed: all, its nearest vector along which the general loss does not increase, its part off the top space of the general Hessian. */
export type Feasible = 'plain' | 'half-space' | 'off-top';

export const feasibleSets: readonly Feasible[] = ['plain', 'half-space', 'off-top'];

export interface PostTrainingArguments extends TrainedArguments {
  /** Of the top space of the general loss at the start, and the residual over ‖H‖ of its eigenvectors. */
  readonly m: number;
  readonly tolerance: number;
  /** Of gradient descent, by all samples. */
  readonly rate: number;
  readonly steps: number;
}

/** A descent on the target's loss. */
export interface PostTraining {
  readonly set: Feasible;
  /** Before the first step, …, after the last. */
  readonly target: readonly number[];
  readonly general: readonly number[];
  /** Change of the general loss to second order, gᵀδ + ½ δᵀHδ, δ all that was moved, g and H those of the start; and the part ½ Σ λ_i (v_iᵀδ)² of its top m eigenvectors. */
  readonly secondOrder: number;
  readonly top: number;
}

/** What is followed of the gradient of the target, at a step. */
export function feasiblePart(
  set: Feasible,
  target: Float64Array,
  { general, top }: { readonly general: Float64Array; readonly top: TopPairs },
): Float64Array {
  if (set === 'half-space') return inHalfSpace(target, general);
  return set === 'plain' ? target : followedPart(target, 'bulk', top);
}

/**
 * A trained network trained on with its images transposed, each step projected on what general data, the images as they were, allow (after Dr. Post-Training, arXiv:2605.07063; the
 * feasible sets are ours). Kept set by set. Cost: two gradients a step, and the eigenvectors of the start.
 */
export const postTraining: Probe<PostTrainingArguments, readonly PostTraining[]> = {
  name: 'post-training',
  revision: 1,
  run: (args, context) =>
    atLastWeights(args, context, async ({ problem, weights }) => {
      const { m: count, tolerance, rate, steps, config } = args;
      const first = problem.expand(weights);
      const { runtime, signal } = context;
      const lossOf = (samples: Samples) =>
        objective(problem.network, samples, { runtime, precision: config.precision });
      const task = transposedTask(config);
      const [general, target] = [lossOf(task.general), lossOf(task.target)];
      try {
        const hessian = general.curvature('hessian', first);
        const start = await general.evaluate(first);
        const top = await followedPairs(hessian, noPairs(first.length), { count, tolerance, seed: config.seed });
        return await inScratch(feasibleSets, args, context, async (set): Promise<PostTraining> => {
          const losses: Record<'target' | 'general', number[]> = { target: [], general: [] };
          const last = await descendAlong(first, { rate, steps, signal }, async ({ weights: here }) => {
            const of = { target: await target.evaluate(here), general: await general.evaluate(here) };
            losses.target.push(of.target.loss);
            losses.general.push(of.general.loss);
            return feasiblePart(set, of.target.gradient, { general: of.general.gradient, top });
          });
          const moved = Float64Array.from(last, (w, i) => w - first[i]!);
          const n = moved.length;
          const bent = await hessian.apply(moved, 1);
          const along = Array.from(top.values, (value, i) => value * dot(top.vectors, i * n, moved, 0, n) ** 2);
          return {
            set,
            ...losses,
            secondOrder: dot(start.gradient, 0, moved, 0, n) + dot(moved, 0, bent, 0, n) / 2,
            top: along.reduce((sum, x) => sum + x, 0) / 2,
          };
        });
      } finally {
        await general.release();
        await target.release();
      }
    }),
};
