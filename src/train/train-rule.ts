import { batchSchedule } from '../data/batch-schedule.js';
import type { DescentRule, DescentState } from './descent.js';
import { followedDominance, followedPairs, type FollowState } from './follow.js';
import { stretchesOf } from './parameter-groups.js';
import { configuredRates } from './schedule.js';
import type { TrainProblem } from './train-problem.js';

/** The steps that a configuration means. */
export function trainRule(problem: TrainProblem): DescentRule {
  const { run, samples, trainer, objective } = problem;
  const { optimizer, groups, batch, seed, follow } = run.config;
  const stretches = stretchesOf(optimizer, groups, objective.layout);
  const batches = batchSchedule(samples, batch ?? samples, seed);
  return {
    optimizer,
    ...(stretches && { stretches }),
    rate: configuredRates(run.config),
    gradient: ({ step, weights, statistics }) => trainer.gradient(weights, statistics, batches(step), step),
    ...(follow.direction === 'gradient'
      ? {}
      : { follow: { direction: follow.direction, refreshed: (state) => refreshedFollow(problem, state) } }),
  };
}

/**
 * The subspace as the next step needs it: every `refresh` steps from `from` on it is computed anew, and while a switch waits, the full gradient
 * is held against it. Cost, at these steps: the products of Lanczos from the last vectors, and a gradient while the switch waits.
 */
async function refreshedFollow(
  { objective, run: { config, subspace: count } }: TrainProblem,
  { step, weights, statistics, follow }: DescentState,
): Promise<FollowState> {
  const { tolerance, seed, basis } = config;
  const { refresh, from, switch: rule } = config.follow;
  if (step < from || (step - from) % refresh !== 0) return follow;
  const hessian = objective.curvature('hessian', weights, { statistics });
  const pairs = await followedPairs(hessian, follow.pairs, {
    count,
    tolerance,
    seed,
    ...(basis !== undefined && { basis }),
  });
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
