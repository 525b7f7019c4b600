import type { Job } from '../../../jobs/job.js';
import type { Finished, ResultStore } from '../../../jobs/result-store.js';
import type { Results } from './experiment.js';

export interface ResultBook extends Results {
  readonly isFinished: (job: Job) => boolean;
}

/** Results as they are in a store, each read once. Throws DataError for one that is damaged. */
export function resultBook(store: ResultStore): ResultBook {
  const known = new Map<string, Finished>();
  const find = <R>(job: Job<R>): Finished<R> | undefined => {
    const found = (known.get(job.key) as Finished<R> | undefined) ?? store.find(job);
    if (found !== undefined) known.set(job.key, found);
    return found;
  };
  return { isFinished: (job) => find(job) !== undefined, of: (job) => find(job) ?? store.of(job) };
}
