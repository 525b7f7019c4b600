import { readdirSync } from 'node:fs';
import { isWorthRetrying, type Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { isOver } from './array-queue.js';
import { nextAttempt, type Attempt } from './attempt.js';
import { taskInQueue, type FollowedArray, type RowsByTask } from './followed-array.js';
import { readReport } from './task-report.js';

/** What is new of a job: how far it is; its result is there; it failed, and would again; or it ended for no reason of its arguments. */
export type JobNews =
  | { readonly kind: 'progress'; readonly key: string; readonly share: number }
  | { readonly kind: 'finished'; readonly key: string }
  | { readonly kind: 'failed'; readonly key: string; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly key: string; readonly next: Attempt; readonly failure: Failure | undefined };

/**
 * What is new of a task, by the queue (undefined where it is not known), by its report and by the store; the jobs that ended leave it. A task of which Slurm has nothing any more has
 * lost those whose results do not show up within some seconds in which it reports nothing: on another machine they may be written, and not be seen here, and a controller that crashed may
 * have forgotten what runs. Of these, those that were begun were tried, and are to be alone
 * in a task: one of them may be the reason; all of them where the task began none.
 */
export function observeTask(
  array: FollowedArray,
  index: number,
  {
    rows,
    store,
    settleSeconds,
  }: { readonly rows: RowsByTask | undefined; readonly store: ResultStore; readonly settleSeconds: number },
): JobNews[] {
  const task = array.open.get(index)!;
  const row = rows && taskInQueue(array, index, rows);
  if (!array.isSubmitted || row?.state === 'PENDING') return [];
  if (row !== undefined && !isOver(row)) task.goneAt = undefined;
  else if (rows !== undefined) task.goneAt ??= Date.now();
  const report = readReport(array.submission, index);
  if (report.count !== task.heard && task.goneAt !== undefined) task.goneAt = Date.now();
  task.heard = report.count;
  const isGone = task.goneAt !== undefined;
  const news: JobNews[] = [];
  const after = (attempt: Attempt): Attempt => {
    const { key } = attempt.job;
    return nextAttempt(attempt, report.shares[key] ?? 0, key in report.shares);
  };
  for (const [key, attempt] of task.attempts) {
    const failure = report.failures[key];
    if ((isGone || report.finished.includes(key)) && isVisible(store, attempt.job))
      news.push({ kind: 'finished', key });
    else if (failure === undefined) continue;
    else if (isWorthRetrying(failure)) news.push({ kind: 'lost', key, next: after(attempt), failure });
    else news.push({ kind: 'failed', key, failure: { ...failure, attempts: attempt.before + 1 } });
  }
  for (const { key } of news) task.attempts.delete(key);
  const isSettled = report.end !== null && ![...task.attempts.keys()].some((key) => report.finished.includes(key));
  if (isGone && (isSettled || Date.now() - task.goneAt! >= 1000 * settleSeconds)) {
    const hasBegun = [...task.attempts.keys()].some((key) => key in report.shares);
    for (const [key, attempt] of task.attempts) {
      const isTried = !hasBegun || key in report.shares;
      news.push({ kind: 'lost', key, next: isTried ? after(attempt) : attempt, failure: undefined });
    }
    task.attempts.clear();
  }
  for (const key of task.attempts.keys()) {
    const share = report.shares[key];
    if (share !== undefined) news.push({ kind: 'progress', key, share });
  }
  return news;
}

/** Whether a result is there. To look into its folder has a shared file system ask again what is in it. */
function isVisible(store: ResultStore, job: Pick<Job, 'key'>): boolean {
  try {
    readdirSync(store.folderOf(job));
  } catch {
    return false;
  }
  return store.isFinished(job);
}
