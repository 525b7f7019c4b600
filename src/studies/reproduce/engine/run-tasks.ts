import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkModule } from '../../../files/fork-module.js';
import { finished } from './finished.js';
import { withPrerequisites, type Task } from './task.js';
import type { Failure, FromWorker, ToWorker } from './worker-messages.js';

export interface RunTasksOptions {
  readonly out: string;
  /** The module whose process executes a task: it calls `serveTasks`. */
  readonly worker: URL;
  /** Worker processes at a time. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TasksProgress) => void;
  /** Called for each task that ends, and before its result counts as missing or there for those that build on it. */
  readonly onEnd?: (task: Task, failure: Failure | undefined) => void;
}

export interface TasksProgress {
  readonly total: number;
  readonly finished: number;
  /** Keys of the tasks that are running. */
  readonly running: readonly string[];
  /** Estimated seconds of all tasks that were to be run, of what of them is done. */
  readonly seconds: number;
  readonly secondsDone: number;
}

/**
 * Executes tasks that are not finished, each in a process of its own, in the order given as far as their prerequisites allow. A failed
 * task fails those that build on it; the others go on. With a signal the running ones are told to stop; the promise then rejects with its
 * reason once they have.
 */
export async function runTasks(
  tasks: readonly Task[],
  options: RunTasksOptions,
): Promise<ReadonlyMap<string, Failure>> {
  const { out, worker, jobs, signal, onProgress, onEnd } = options;
  const waiting = withPrerequisites(tasks).filter((task) => finished(out, task) === undefined);
  const [total, seconds] = [waiting.length, secondsOf(waiting)];
  const running = new Map<Task, { readonly ended: Promise<void>; share: number }>();
  const failures = new Map<string, Failure>();
  let secondsDone = 0;
  const report = (): void =>
    onProgress?.({
      total,
      finished: total - waiting.length - running.size,
      running: Array.from(running.keys(), ({ key }) => key),
      seconds,
      secondsDone: secondsDone + Array.from(running, ([task, { share }]) => share * task.seconds).reduce(sum, 0),
    });
  const end = (task: Task, failure: Failure | undefined): void => {
    if (failure !== undefined) failures.set(task.key, failure);
    secondsDone += task.seconds;
    onEnd?.(task, failure);
  };
  const start = (task: Task): void => {
    const state = { share: 0, ended: Promise.resolve() };
    const onShare = (share: number): void => {
      state.share = share;
      report();
    };
    state.ended = inWorker(forkModule(worker), task, out, onShare, signal).then((failure) => {
      running.delete(task);
      if (failure !== 'stopped') end(task, failure);
      report();
    });
    running.set(task, state);
  };

  while (waiting.length + running.size > 0) {
    if (signal?.aborted !== true) {
      for (const task of waiting.filter(({ after }) => after.some(({ key }) => failures.has(key)))) {
        waiting.splice(waiting.indexOf(task), 1);
        end(task, failures.get(task.after.find(({ key }) => failures.has(key))!.key));
      }
      const unfinished = new Set([...waiting, ...running.keys()].map(({ key }) => key));
      const ready = waiting.filter(({ after }) => !after.some(({ key }) => unfinished.has(key)));
      for (const task of ready.slice(0, jobs - running.size)) {
        waiting.splice(waiting.indexOf(task), 1);
        start(task);
      }
    }
    report();
    if (running.size === 0) break;
    await Promise.race(Array.from(running.values(), ({ ended }) => ended));
  }
  if (signal?.aborted === true) throw signal.reason;
  return failures;
}

export function secondsOf(tasks: readonly Task[]): number {
  return tasks.map(({ seconds }) => seconds).reduce(sum, 0);
}

const sum = (a: number, b: number): number => a + b;

/** Executes one task; resolves to its failure, if any, once the process has ended. */
async function inWorker(
  worker: ChildProcess,
  task: Task,
  out: string,
  onShare: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<Failure | 'stopped' | undefined> {
  const stop = (): void => {
    worker.send({ kind: 'stop' } satisfies ToWorker, () => undefined);
  };
  signal?.addEventListener('abort', stop);
  worker.send({ kind: 'task', out, task } satisfies ToWorker);
  let last: FromWorker | undefined;
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') onShare(message.share);
    else last = message;
  });
  const [[status, killedBy]] = (await Promise.all([once(worker, 'exit'), once(worker, 'disconnect')])) as [
    [number | null, string | null],
    unknown,
  ]; // messages may arrive until it is disconnected
  signal?.removeEventListener('abort', stop);
  if (last?.kind === 'failed') return last;
  if (finished(out, task) !== undefined) return undefined;
  if (last?.kind === 'stopped' || signal?.aborted === true) return 'stopped';
  return {
    kind: 'failed',
    name: 'bug',
    exitCode: null,
    message: `the process of ${task.key} ended by itself (${killedBy ?? String(status)})`,
  };
}
