import { dirname } from 'node:path';
import { dropUnseenLocks } from '../../files/folder-lock.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import { localEngine } from '../local/local-engine.js';
import { resultStore } from '../result-store.js';
import { runJobs } from '../run-jobs.js';
import { attemptsOf, readSubmission, takeSlot } from './submission.js';
import { writeReport } from './task-report.js';

/** How often a report is written, in ms: where a job began or ended, and otherwise, as a sign of life. */
const [soon, late] = [500, 5000];

/**
 * Does the work of one array task, in the store that its submission lies in, with local processes. Every task is worked on once: what comes later to it does nothing. Those who worked on
 * its jobs before are gone, or they would not have been submitted again; so locks of other machines in their folders are those of the dead.
 */
export async function runArrayTask(
  folder: string,
  index: number,
  signal: AbortSignal,
): Promise<'done' | 'stopped' | 'taken'> {
  const submission = readSubmission(folder);
  if (!takeSlot(submission, index)) return 'taken';
  const store = resultStore(dirname(dirname(folder)));
  const jobs = attemptsOf(submission, index).map(({ job }) => job);
  for (const job of jobs) dropUnseenLocks(store.folderOf(job));

  const finished = jobs.filter(store.isFinished).map(({ key }) => key);
  const failures: Record<string, Failure> = {};
  const shares = new Map<string, number>();
  let [isDue, written, reports] = [true, 0, 0];
  const report = (end: 'done' | 'stopped' | null): void => {
    [isDue, written] = [false, performance.now()];
    reports += 1;
    writeReport(submission, index, { count: reports, shares: Object.fromEntries(shares), finished, failures, end });
  };
  const timer = setInterval(() => {
    if (isDue || performance.now() - written > late) report(null);
  }, soon);
  const onEnd = ({ key }: Job, failure: Failure | undefined): void => {
    if (failure === undefined) finished.push(key);
    else failures[key] = failure;
    isDue = true;
  };
  try {
    await runJobs(jobs, {
      store,
      engine: localEngine({ worker: new URL(submission.worker), processes: submission.processes, retries: 0 }),
      signal,
      onEnd,
      onProgress({ running }) {
        isDue ||= [...running.keys()].some(({ key }) => !shares.has(key));
        for (const [{ key }, share] of running) shares.set(key, share);
      },
    });
    report('done');
    return 'done';
  } catch (error) {
    if (!signal.aborted) throw error;
    report('stopped');
    return 'stopped';
  } finally {
    clearInterval(timer);
  }
}
