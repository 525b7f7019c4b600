import type { Engine } from '../../../src/jobs/engine.js';
import { executeJob } from '../../../src/jobs/execute-job.js';
import { failureOf, type Failure } from '../../../src/jobs/failure.js';
import { works } from '../toy-works.js';

/** Runs jobs in this process, so that nothing is started; a job of the work 'fatal' counts as one whose process ended. */
export function inProcessEngine(): Engine {
  return {
    name: 'in process',
    capacity: 1,
    start(store, { onProgress, onEnd }) {
      const stop = new AbortController();
      let running: Promise<void> = Promise.resolve();
      const crash: Failure = { name: 'crash', exitCode: null, message: 'its process ended', attempts: 1 };
      return Promise.resolve({
        submit([job]) {
          if (job!.work === 'fatal') {
            setImmediate(onEnd, job!, crash);
            return;
          }
          const onShare = (share: number): void => {
            onProgress(job!, share);
          };
          running = executeJob(job!, { store, works, signal: stop.signal, onProgress: onShare }).then(
            () => {
              onEnd(job!, undefined);
            },
            (error: unknown) => {
              if (!stop.signal.aborted) onEnd(job!, failureOf(error));
            },
          );
        },
        async stop() {
          stop.abort(new Error('stopped'));
          await running;
        },
        close: () => Promise.resolve(),
      });
    },
  };
}
