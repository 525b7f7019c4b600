import { UsageError } from '../../../errors.js';
import type { Results } from './experiment.js';
import { finished } from './finished.js';
import type { Finished, Task } from './task.js';

export interface ResultBook extends Results {
  readonly isFinished: (task: Task) => boolean;
}

/** Results as they are on disk, each read once. Throws DataError for one that is damaged. */
export function resultBook(out: string): ResultBook {
  const known = new Map<string, Finished<unknown>>();
  const find = (task: Task): Finished<unknown> | undefined => {
    const found = known.get(task.key) ?? finished(out, task);
    if (found !== undefined) known.set(task.key, found);
    return found;
  };
  return {
    isFinished: (task) => find(task) !== undefined,
    of<R>(task: Task<R>): Finished<R> {
      const found = find(task);
      if (found !== undefined) return found as Finished<R>;
      throw new UsageError(`the result of ${task.key} was used before the task was finished`);
    },
  };
}
