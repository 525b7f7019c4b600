import type { ResultStore } from '../../jobs/result-store.js';
import type { SweepPlan } from './plan.js';

/** So many finished runs are enough to know how long they take. */
const enough = 50;

/** By how much runs of a plan take longer than estimated, of those that are finished: Σ measured/Σ estimated seconds; 1 where none is. */
export function timeScale(plan: SweepPlan, store: ResultStore): number {
  const done = plan.runs.filter(({ job }) => store.isFinished(job));
  const some = done.filter((_, i) => i % Math.ceil(done.length / enough) === 0);
  const estimated = some.reduce((sum, { job }) => sum + job.seconds, 0);
  const measured = some.reduce((sum, { job }) => sum + store.of(job).seconds, 0);
  return estimated > 0 ? measured / estimated : 1;
}
