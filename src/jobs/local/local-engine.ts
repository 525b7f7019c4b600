import { availableMemory } from '../../files/available-memory.js';
import type { Engine, EngineEvents, RunningEngine } from '../engine.js';
import { crash, isWorthRetrying, type Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { workerProcess, type WorkOutcome, type WorkerProcess } from './worker-process.js';

/** Where and how local jobs are worked on. */
export interface LocalOptions {
  /** The module whose process executes jobs: it calls `serveJobs`. */
  readonly worker: URL;
  /** Processes at a time, at most. */
  readonly processes: number;
  /** Bytes that all of them together may take, by the estimates of their jobs; what this machine has available if left out. */
  readonly memory?: number;
  /** How often a job whose process died is tried again. */
  readonly retries?: number;
}

/** A process that holds more than this after a job is replaced by a fresh one. */
const largestIdle = 2 ** 30;

/** Child processes of this one: each works on one job after the other, and a job that ends its process takes nothing else with it. */
export function localEngine(options: LocalOptions): Engine {
  return {
    name: 'local',
    capacity: 2 * options.processes,
    start: (store, events) => Promise.resolve(pool(options, store, events)),
  };
}

function pool(
  { worker, processes, memory = availableMemory(), retries = 1 }: LocalOptions,
  store: ResultStore,
  { onProgress, onEnd }: EngineEvents,
): RunningEngine {
  const waiting: Job[] = [];
  const running = new Map<Job, { readonly process: WorkerProcess; readonly ended: Promise<void> }>();
  const idle: WorkerProcess[] = [];
  const deaths = new Map<string, number>();
  let stopped = false;

  const fits = (job: Job): boolean => {
    const taken = [...running.keys()].reduce((sum, one) => sum + one.memory, 0);
    return running.size === 0 || (running.size < processes && taken + job.memory <= memory);
  };
  const next = (): void => {
    while (!stopped && waiting.length > 0 && fits(waiting[0]!)) begin(waiting.shift()!);
  };
  const idleProcess = (): WorkerProcess | undefined => {
    for (let one = idle.pop(); one !== undefined; one = idle.pop()) if (one.isAlive()) return one;
    return undefined;
  };
  const begin = (job: Job): void => {
    const process = idleProcess() ?? workerProcess(worker);
    const ended = process
      .work(store.path, job, (share) => {
        onProgress(job, share);
      })
      .then(async (outcome) => {
        const isReusable = outcome.kind === 'stopped' || (outcome.kind === 'finished' && outcome.rss <= largestIdle);
        if (isReusable) idle.push(process);
        else await process.end();
        running.delete(job);
        conclude(job, outcome);
        next();
      });
    running.set(job, { process, ended });
    onProgress(job, 0);
  };
  const conclude = (job: Job, outcome: WorkOutcome): void => {
    if (outcome.kind === 'stopped') return;
    const attempts = 1 + (deaths.get(job.key) ?? 0);
    if (outcome.kind === 'failed') onEnd(job, { ...outcome.failure, attempts });
    else if (outcome.kind === 'finished' || store.isFinished(job)) onEnd(job, undefined);
    else {
      const failure = death(job, outcome.by, attempts);
      deaths.set(job.key, attempts);
      if (!isWorthRetrying(failure) || attempts > retries) onEnd(job, failure);
      else if (!stopped) waiting.unshift(job);
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(idle.splice(0).map((process) => process.end()));
  };
  return {
    submit(jobs) {
      waiting.push(...jobs);
      next();
    },
    async stop() {
      stopped = true;
      waiting.length = 0;
      for (const { process } of running.values()) process.stop();
      await Promise.all([...running.values()].map(({ ended }) => ended));
      await close();
    },
    close,
  };
}

function death({ key, memory }: Job, by: string, attempts: number): Failure {
  const times = attempts === 1 ? '' : `, ${attempts} times`;
  const estimate = memory === 0 ? '' : ` (it was expected to need ${(memory / 1e9).toFixed(1)} GB)`;
  const why = by === 'by SIGKILL' ? `: there was not enough memory${estimate}, or somebody killed it` : '';
  return crash(`the process of ${key} ended ${by}${times}${why}`, attempts);
}
