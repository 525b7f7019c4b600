import { forkModule } from '../../files/fork-module.js';
import type { Failure } from '../failure.js';
import type { Job } from '../job.js';
import type { FromWorker, ToWorker } from '../worker-messages.js';

/** How the work on a job ended: well, stopped on demand, with an error, or with the process. `rss`: bytes that the process holds after it. */
export type Outcome =
  | { readonly kind: 'finished'; readonly rss: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'died'; readonly by: string };

/** A process that works on one job after the other. */
export interface WorkerProcess {
  /** One at a time. */
  readonly work: (store: string, job: Job, onProgress: (share: number) => void) => Promise<Outcome>;
  readonly stop: () => void;
  /** Resolves once it has ended. */
  readonly end: () => Promise<void>;
}

/** Starts a process of a module that calls `serveJobs`. */
export function workerProcess(module: URL): WorkerProcess {
  const process = forkModule(module);
  let onMessage: (message: FromWorker) => void = () => undefined;
  process.on('message', (message: FromWorker) => {
    onMessage(message);
  });
  const died = new Promise<Outcome>((resolve) => {
    let by = 'with its channel';
    process.once('error', (error) => {
      by = `(${error.message})`;
      resolve({ kind: 'died', by });
    });
    process.once('exit', (status, signal) => {
      by = signal === null ? `with exit code ${status}` : `by ${signal}`;
      if (!process.connected) resolve({ kind: 'died', by });
    });
    process.once('disconnect', () => {
      // its last messages have arrived; the status follows
      if (process.exitCode !== null || process.signalCode !== null) resolve({ kind: 'died', by });
      else
        process.once('exit', () => {
          resolve({ kind: 'died', by });
        });
    });
  });
  const send = (message: ToWorker): void => {
    if (process.connected) process.send(message, () => undefined);
  };
  return {
    work: (store, job, onProgress) => {
      const said = new Promise<Outcome>((resolve) => {
        onMessage = (message) => {
          if (message.kind === 'progress') onProgress(message.share);
          else resolve(message);
        };
      });
      send({ kind: 'job', store, job });
      return Promise.race([said, died]);
    },
    stop: () => {
      send({ kind: 'stop' });
    },
    async end() {
      if (process.connected) process.disconnect();
      await died;
    },
  };
}
