import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineEvents, RunningEngine } from '../engine.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { cancelArrays, isOver, queuedTasks, type QueuedTask } from './array-queue.js';
import { firstAttempt, type Attempt } from './attempt.js';
import { chunksOf } from './chunks.js';
import type { Cluster } from './cluster.js';
import { newArray, rowsByTask, type FollowedArray, type RowsByTask } from './followed-array.js';
import { lostTask } from './lost-task.js';
import { observeTask, type JobNews } from './observe-task.js';
import { patiently } from './patient.js';
import { submitArray } from './submit-array.js';
import { keepNumber, withdraw, writeSubmission } from './submission.js';

/** How arrays are made and followed. */
export interface FollowOptions {
  readonly cluster: Cluster;
  /** The module whose process executes jobs. */
  readonly worker: string;
  readonly processes: number;
  /** Of sbatch. */
  readonly options: readonly string[];
  /** Array tasks that may run at a time; as many as Slurm allows if undefined. */
  readonly atOnce: number | undefined;
  /** Seconds that a task takes at least, where there is as much to do. */
  readonly taskSeconds: number;
  readonly retries: number;
  /** The script of a submission in a folder. */
  readonly script: (folder: string) => string;
  /** Seconds between two looks at the queue, at least; up to ten times as many where nothing happens. */
  readonly pollSeconds: number;
  /** Seconds that a shared file system may take to show on this machine what was written on another. */
  readonly settleSeconds: number;
}

/** Seconds after which tasks that were told to stop are ended by Slurm. */
const stopSeconds = 180;

/**
 * The loop that submits jobs in arrays and follows them by Slurm's queue and by what their tasks report. A job has one task at a time: it is submitted again only once its task is over, or
 * has said that the job ended.
 */
export function followArrays(
  follow: FollowOptions,
  store: ResultStore,
  { onProgress, onEnd, onNotice, onBroken }: EngineEvents,
  earlier: readonly FollowedArray[],
): RunningEngine {
  const arrays = new Set(earlier);
  /** Jobs in the tasks of earlier drivers. */
  const found = new Set(
    earlier.flatMap(({ open }) => [...open.values()].flatMap(({ attempts }) => [...attempts.keys()])),
  );
  const waiting: Attempt[] = [];
  /** Jobs that were handed over and have not ended. */
  const given = new Map<string, Job>();
  const shares = new Map<string, number>();
  const asked = patiently(onNotice);
  let [isStopping, newsAt] = [false, Date.now()];
  let loop: Promise<void> | undefined;
  let wake = (): void => undefined;

  const end = (key: string, failure: Failure | undefined): void => {
    const job = given.get(key);
    given.delete(key);
    shares.delete(key);
    if (job !== undefined) onEnd(job, failure);
  };
  const take = async (
    news: JobNews,
    array: FollowedArray,
    index: number,
    rows: RowsByTask | undefined,
  ): Promise<void> => {
    const { kind, key } = news;
    const job = given.get(key);
    if (kind !== 'progress') found.delete(key);
    if (job === undefined || (kind === 'progress' && shares.get(key) === news.share)) return;
    newsAt = Date.now();
    if (kind === 'progress') {
      shares.set(key, news.share);
      onProgress(job, news.share);
    } else if (kind === 'finished') end(key, undefined);
    else if (kind === 'failed') end(key, news.failure);
    else if (news.next.before <= follow.retries) waiting.push(news.next);
    else {
      const failure = news.failure ?? (await lostTask(array, index, rows, follow.cluster));
      end(key, { ...failure, attempts: news.next.before });
    }
  };
  const observe = async (rows: RowsByTask | undefined): Promise<void> => {
    for (const array of arrays) {
      for (const [index, task] of array.open) {
        const { settleSeconds } = follow;
        for (const news of observeTask(array, index, { rows, store, settleSeconds }))
          await take(news, array, index, rows);
        if (task.attempts.size === 0) array.open.delete(index);
      }
      if (array.open.size === 0) arrays.delete(array);
    }
  };
  const prepare = (): void => {
    const { worker, processes, taskSeconds, script, cluster } = follow;
    const chunks = chunksOf(waiting.splice(0), taskSeconds * processes);
    for (let i = 0; i < chunks.length; i += cluster.mostTasks) {
      const tasks = chunks.slice(i, i + cluster.mostTasks);
      const name = `tiny-subspace-${randomBytes(8).toString('hex')}`;
      arrays.add(newArray(writeSubmission(store.path, tasks, { name, worker, processes }, script), tasks));
    }
  };
  const submit = async (rows: readonly QueuedTask[]): Promise<void> => {
    for (const array of arrays) {
      if (isStopping || array.isSubmitted) continue;
      const { submission } = array;
      const othersWait = [...arrays].some(({ isSubmitted }) => isSubmitted);
      const known = rows.find(({ name }) => name === submission.name); // Slurm took it, and its answer was lost
      array.number = known?.array ?? (await submitArray(submission, follow.options, follow.atOnce, othersWait));
      array.isSubmitted = true;
      newsAt = Date.now();
      keepNumber(submission, array.number);
    }
  };
  const queue = (): Promise<QueuedTask[] | undefined> =>
    asked(() => queuedTasks([...arrays].map(({ submission }) => submission.name)));
  const rest = async (): Promise<void> => {
    const quiet = (Date.now() - newsAt) / 1000;
    const seconds = Math.min(10 * follow.pollSeconds, Math.max(follow.pollSeconds, quiet / 10));
    const awake = new AbortController();
    wake = () => {
      awake.abort();
    };
    await pause(1000 * seconds, undefined, { signal: awake.signal }).catch(() => undefined);
  };
  const run = async (): Promise<void> => {
    const goesOn = (): boolean => !isStopping;
    try {
      while (goesOn()) {
        prepare();
        const rows = await queue();
        await observe(rows && rowsByTask(rows));
        if (rows !== undefined && goesOn()) await asked(() => submit(rows));
        if (goesOn() && waiting.length === 0) await rest();
      }
    } catch (error) {
      onBroken(error);
    }
  };
  /** Ends what is in the queue; the loop has ended. */
  const cancel = async (): Promise<void> => {
    for (const array of arrays) if (!array.isSubmitted && withdraw(array.submission)) arrays.delete(array);
    const since = Date.now();
    while (arrays.size > 0) {
      const alive = (await queue())?.filter((row) => !isOver(row));
      if (alive?.length === 0) return;
      const how = Date.now() - since > 1000 * stopSeconds ? 'by force' : 'gently';
      if (alive !== undefined) await cancelArrays([...new Set(alive.map(({ array }) => array))], how);
      await pause(1000 * follow.pollSeconds);
    }
  };
  const stop = async (): Promise<void> => {
    isStopping = true;
    wake();
    await loop;
    await cancel();
  };
  return {
    submit(jobs) {
      for (const job of jobs) {
        given.set(job.key, job);
        if (!found.has(job.key)) waiting.push(firstAttempt(job));
      }
      loop ??= run();
      wake();
    },
    stop,
    close: stop, // what is left then is of earlier drivers, and nobody waits for it
  };
}
