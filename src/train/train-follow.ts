import { followedDominance, followedPairs } from './follow.js';
import type { FollowState } from './follow-state.js';
import type { TrainConfig } from './train-config.js';
import type { TrainProblem } from './train-problem.js';
import type { TrainRun } from './train-document.js';
import type { TrainState } from './train-checkpoint.js';

/**
 * The subspace as the next step needs it: every `refresh` steps from `from` on it is computed anew, and while a switch waits, the full gradient
 * is held against it. Cost, at these steps: the products of Lanczos from the last vectors, and a gradient while the switch waits.
 */
export async function refreshedFollow(
  { follow: { direction, refresh, from, switch: rule }, tolerance, seed }: TrainConfig,
  { objective }: TrainProblem,
  { subspace: count }: TrainRun,
  { step, weights, statistics, follow }: TrainState,
): Promise<FollowState> {
  if (direction === 'gradient' || step < from || (step - from) % refresh !== 0) return follow;
  const hessian = objective.curvature('hessian', weights, { statistics });
  const pairs = await followedPairs(hessian, follow.pairs, { count, tolerance, seed });
  const found = { ...follow, pairs, products: follow.products + pairs.products };
  if (follow.since !== null) return found;
  if (rule === null) return { ...found, since: step };
  const { gradient } = await objective.evaluate(weights, statistics);
  const averageDominance = movingAverage(follow.averageDominance, followedDominance(gradient, pairs), rule);
  return { ...found, averageDominance, since: averageDominance > rule.threshold ? step : null };
}

/** χ̄ ← factor χ̄ + (1 − factor) χ, which begins with the first χ. */
function movingAverage(average: number | null, chi: number, { factor }: { readonly factor: number }): number {
  return average === null ? chi : factor * average + (1 - factor) * chi;
}
