import type { Engine, RunningEngine } from './engine.js';
import type { Failure } from './failure.js';
import { secondsOf, withPrerequisites, type Job } from './job.js';
import type { ResultStore } from './result-store.js';

/** Where jobs are run, who may stop them, and who is told. */
export interface RunJobsOptions {
  readonly store: ResultStore;
  readonly engine: Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobsProgress) => void;
  /** Called for each job that ends, before those that build on it begin. */
  readonly onEnd?: (job: Job, failure: Failure | undefined) => void;
  readonly onNotice?: (text: string) => void;
}

/** How far jobs are. */
export interface JobsProgress {
  readonly total: number;
  /** Ended, well or not. */
  readonly finished: number;
  readonly failed: number;
  /** Those that are worked on, and how far each is, 0 … 1. */
  readonly running: ReadonlyMap<Job, number>;
  /** Estimated seconds of all jobs that were to be run, and of what of them is done. */
  readonly seconds: number;
  readonly secondsDone: number;
}

/**
 * Has an engine work on the jobs that are not finished, and on those they come after, in the order given as far as that allows. A failed job fails those that build on it; the others go
 * on. With a signal, or where the engine cannot go on, the running ones are told to stop; the promise then rejects with the reason once they have; so it does with what a callback throws. Cost beside the jobs: O(jobs).
 */
export async function runJobs(jobs: readonly Job[], options: RunJobsOptions): Promise<ReadonlyMap<string, Failure>> {
  const { store, engine, signal, onProgress, onEnd, onNotice = () => undefined } = options;
  const open = withPrerequisites(jobs).filter((job) => !store.isFinished(job));
  const failures = new Map<string, Failure>();
  if (open.length === 0) return failures;
  const order = workQueue(open);
  const running = new Map<Job, number>();
  const [total, seconds] = [open.length, secondsOf(open)];
  let [finished, secondsDone, submitted] = [0, 0, 0];
  const finish = stoppable(signal);
  const report = (): void => {
    let partly = 0;
    for (const [job, share] of running) partly += share * job.seconds;
    onProgress?.({ total, finished, failed: failures.size, running, seconds, secondsDone: secondsDone + partly });
  };
  const end = (job: Job, failure: Failure | undefined): void => {
    if (failure !== undefined) failures.set(job.key, failure);
    finished += 1;
    secondsDone += job.seconds;
    onEnd?.(job, failure);
    for (const one of order.ended(job, failure !== undefined)) end(one, failure);
  };
  const handOn = (to: RunningEngine): void => {
    const ready = order.take(engine.capacity - submitted);
    submitted += ready.length;
    if (ready.length > 0) to.submit(ready);
    if (finished === total) finish.resolve();
  };
  /** Whoever is told may fail, as on a full disk: that is no affair of the engine, and ends all in order. */
  const guarded = (tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      finish.reject(error);
    }
  };
  const work: RunningEngine = await engine.start(store, {
    onNotice,
    onBroken: finish.reject,
    onProgress(job, share) {
      guarded(() => {
        running.set(job, share);
        report();
      });
    },
    onEnd(job, failure) {
      guarded(() => {
        running.delete(job);
        submitted -= 1;
        end(job, failure);
        report();
        if (!finish.isOver()) handOn(work);
      });
    },
  });
  try {
    report();
    handOn(work);
    await finish.promise;
  } catch (error) {
    await work.stop();
    throw error;
  }
  await work.close();
  return failures;
}

/** A promise that a signal rejects with its reason. */
function stoppable(signal: AbortSignal | undefined): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly isOver: () => boolean;
} {
  let over = false;
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<void>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  const once =
    <A extends unknown[]>(settle: (...args: A) => void) =>
    (...args: A): void => {
      over = true;
      signal?.removeEventListener('abort', stop);
      settle(...args);
    };
  const stop = (): void => {
    once(reject)(signal!.reason);
  };
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  promise.catch(() => undefined); // awaited later
  return { promise, resolve: once(resolve), reject: once(reject), isOver: () => over };
}

/** Jobs by what they wait for. */
interface WorkQueue {
  /** The next jobs that are ready, in order; they are then no longer in it. */
  readonly take: (most: number) => Job[];
  /** Tells it that a job ended; those that wait for a failed one leave it, and are returned. */
  readonly ended: (job: Job, hasFailed: boolean) => Job[];
}

function workQueue(jobs: readonly Job[]): WorkQueue {
  const open = new Set(jobs.map(({ key }) => key));
  const waitsFor = new Map<string, number>();
  const followers = new Map<string, Job[]>();
  for (const job of jobs) {
    const before = job.after.filter(({ key }) => open.has(key));
    waitsFor.set(job.key, before.length);
    for (const { key } of before) followers.set(key, [...(followers.get(key) ?? []), job]);
  }
  const place = new Map(jobs.map(({ key }, i) => [key, i]));
  const ready = jobs.filter(({ key }) => waitsFor.get(key) === 0);
  let first = 0;
  return {
    take(most) {
      const taken = ready.slice(first, first + Math.max(0, Math.min(most, ready.length)));
      first += taken.length;
      return taken;
    },
    ended({ key }, hasFailed) {
      const next = (followers.get(key) ?? []).filter((job) => open.has(job.key));
      open.delete(key);
      if (hasFailed) {
        for (const job of next) open.delete(job.key);
        return next;
      }
      for (const job of next) {
        const left = waitsFor.get(job.key)! - 1;
        waitsFor.set(job.key, left);
        if (left > 0) continue;
        // among those that are ready, in the order of all
        let at = ready.length;
        while (at > first && place.get(ready[at - 1]!.key)! > place.get(job.key)!) at -= 1;
        ready.splice(at, 0, job);
      }
      return [];
    },
  };
}
