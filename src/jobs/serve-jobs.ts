import { leaveSignalsToParent } from '../files/stop-signals.js';
import { executeJob } from './execute-job.js';
import { failureOf } from './failure.js';
import type { Job } from './job.js';
import { resultStore } from './result-store.js';
import type { AnyWork } from './work.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** Makes this process one that executes jobs, one after the other, as its parent hands them over; they may name these works. It ends with its parent. */
export function serveJobs(works: readonly AnyWork[]): void {
  let stop = new AbortController();
  leaveSignalsToParent();
  process.on('disconnect', () => process.exit(1)); // the parent was killed, or needs it no longer
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') {
      stop.abort(new Error('stopped'));
      return;
    }
    stop = new AbortController();
    void outcomeOf(message.job, message.store, works, stop.signal).then(send);
  });
  send({ kind: 'ready' });
}

async function outcomeOf(job: Job, path: string, works: readonly AnyWork[], signal: AbortSignal): Promise<FromWorker> {
  let told = 0;
  const onProgress = (share: number): void => {
    if (performance.now() - told < progressEvery) return;
    told = performance.now();
    send({ kind: 'progress', share });
  };
  try {
    await executeJob(job, { store: resultStore(path), works, signal, onProgress });
    return { kind: 'finished', rss: process.memoryUsage.rss() };
  } catch (error) {
    return signal.aborted ? { kind: 'stopped' } : { kind: 'failed', failure: failureOf(error) };
  }
}

const progressEvery = 200; // ms

function send(message: FromWorker): void {
  if (process.connected) process.send!(message, () => undefined);
}
