import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import type { Outcome } from './queue-layout.js';
import type { SharedQueue } from './shared-queue.js';

/** What a driver wants, held against what is there. */
export interface WantedJobs {
  readonly want: (jobs: readonly Job[]) => void;
  /** A job that is wanted. */
  readonly find: (key: string) => Job | undefined;
  readonly keys: () => readonly string[];
  /** Looks at jobs soon, those that are not wanted left out. */
  readonly look: (keys: readonly string[]) => void;
  /** Looks at nothing any more; resolves once the last look is over, or failed. */
  readonly end: () => Promise<void>;
  /** Lets go of what ended. */
  readonly letGoOfEnded: () => Promise<void>;
}

/** What a look leads to. */
export interface WantedJobsOptions {
  readonly shared: SharedQueue;
  readonly store: ResultStore;
  /** Its result is in the store, or this is why it is not; it is wanted no more. */
  readonly onEnd: (job: Job, failure: Failure | undefined) => void;
  /** A look failed; the next one makes up for it. */
  readonly onProblem: (error: unknown) => void;
}

/** Jobs asked for at a time: their results are in memory together. */
const atATime = 100;

/**
 * Looks at one job after the other: an outcome is written into the store, and a job that is neither queued nor has an outcome is added. A failure that is found at the first look is an old one: it is forgotten, and the
 * job tried again. So is what is no outcome.
 */
export function wantedJobs({ shared, store, onEnd, onProblem }: WantedJobsOptions): WantedJobs {
  const wanted = new Map<string, Job>();
  const unseen = new Set<string>();
  const due = new Set<string>();
  /** Whose outcome is written, and still in Redis. */
  const ended = new Set<string>();
  let looking = Promise.resolve();
  let [isLooking, isOver] = [false, false];

  const letGoOfEnded = async (): Promise<void> => {
    const keys = [...ended];
    if (keys.length > 0) await shared.letGo(keys);
    for (const key of keys) ended.delete(key);
  };
  const collect = (job: Job, outcome: Outcome): void => {
    if ('finished' in outcome) store.finish(job, outcome.finished);
    wanted.delete(job.key);
    ended.add(job.key);
    onEnd(job, 'failure' in outcome ? outcome.failure : undefined);
  };
  const lookAt = async (jobs: readonly Job[]): Promise<void> => {
    const states = await shared.statesOf(jobs.map(({ key }) => key));
    const [missing, old]: [Job[], string[]] = [[], []];
    for (const [i, { isQueued, outcome, isSpoilt }] of states.entries()) {
      const job = jobs[i]!;
      const isOld = unseen.has(job.key) && outcome !== undefined && 'failure' in outcome;
      if (outcome !== undefined && !isOld) collect(job, outcome);
      else if (!isQueued || unseen.has(job.key)) missing.push(job);
      if (isOld || isSpoilt) old.push(job.key);
    }
    await shared.forget(old);
    await shared.add(missing);
    for (const { key } of jobs) unseen.delete(key);
    await letGoOfEnded();
  };
  const lookAtAll = async (): Promise<void> => {
    while (due.size > 0 && !isOver) {
      const keys = [...due].slice(0, atATime);
      for (const key of keys) due.delete(key);
      await lookAt(keys.map((key) => wanted.get(key)).filter((job) => job !== undefined));
    }
  };
  const look = (keys: readonly string[]): void => {
    for (const key of keys) if (wanted.has(key)) due.add(key);
    if (isLooking || isOver) return;
    isLooking = true;
    looking = lookAtAll()
      .catch((error: unknown) => {
        if (!isOver) onProblem(error);
      })
      .finally(() => {
        isLooking = false;
      });
  };
  return {
    want(jobs) {
      for (const job of jobs) {
        wanted.set(job.key, job);
        unseen.add(job.key);
      }
      look(jobs.map(({ key }) => key));
    },
    find: (key) => wanted.get(key),
    keys: () => [...wanted.keys()],
    look,
    end() {
      isOver = true;
      return looking;
    },
    letGoOfEnded,
  };
}
