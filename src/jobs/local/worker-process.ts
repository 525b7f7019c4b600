import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { forkModule } from '../../files/fork-module.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { FromWorker, ToWorker } from '../worker-messages.js';

/** How the work on a job ended: well, stopped on demand, with an error, or with the process. `rss`: bytes that the process holds after it. */
export type WorkOutcome =
  | { readonly kind: 'finished'; readonly rss: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'died'; readonly by: string };

/** A process that works on one job after the other. */
export interface WorkerProcess {
  /** One at a time. */
  readonly work: (store: string, job: Job, onProgress: (share: number) => void) => Promise<WorkOutcome>;
  readonly stop: () => void;
  /** Whether it takes jobs. */
  readonly isAlive: () => boolean;
  /** Resolves once it has ended. */
  readonly end: () => Promise<void>;
}

/** Starts a process of a module that calls `serveJobs`. */
export function workerProcess(module: URL): WorkerProcess {
  const process = forkModule(module);
  let [report, settle]: [(share: number) => void, (outcome: WorkOutcome) => void] = [() => undefined, () => undefined];
  const send = (message: ToWorker): void => {
    if (process.connected) process.send(message, () => undefined);
  };
  let [isReady, given, dead]: [boolean, ToWorker | undefined, WorkOutcome | undefined] = [false, undefined, undefined];
  process.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') report(message.share);
    else if (message.kind !== 'ready') settle(message);
    else {
      isReady = true;
      if (given !== undefined) send(given);
    }
  });
  const ended = endOf(process).then((by) => {
    dead = { kind: 'died', by };
    settle(dead);
  });
  return {
    isAlive: () => dead === undefined && process.connected,
    work: (store, job, onProgress) =>
      new Promise((resolve) => {
        [report, settle] = [onProgress, resolve];
        given = { kind: 'job', store, job };
        if (dead !== undefined) resolve(dead);
        else if (isReady) send(given);
      }),
    stop: () => {
      if (isReady) {
        send({ kind: 'stop' });
        return;
      }
      // It loads its modules, deaf for seconds, and holds nothing.
      dead = { kind: 'died', by: 'by SIGKILL' };
      settle({ kind: 'stopped' });
      process.kill('SIGKILL');
    },
    async end() {
      if (process.connected) process.disconnect();
      await ended;
    },
  };
}

/** How a process ended, in words, once its last message has arrived. */
async function endOf(process: ChildProcess): Promise<string> {
  try {
    const [[status, signal]] = (await Promise.all([once(process, 'exit'), once(process, 'disconnect')])) as [
      [number | null, string | null],
      unknown,
    ];
    return signal === null ? `with exit code ${status}` : `by ${signal}`;
  } catch (error) {
    return `before it began (${(error as Error).message})`;
  }
}
