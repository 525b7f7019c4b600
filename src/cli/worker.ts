import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { localEngine } from '../jobs/local/local-engine.js';
import { redisAddress } from '../jobs/redis/redis-address.js';
import { serveRedis } from '../jobs/redis/serve-redis.js';
import type { WorkerEvent } from '../jobs/redis/taken-jobs.js';
import { sweepWorker } from '../studies/sweep/worker-module.js';
import { version } from '../version.js';
import { printNotice } from './messages.js';
import { integerIn } from './options.js';
import { printLine, printText } from './output.js';
import { plainJson } from './plain-text.js';
import { redisOption } from './redis-option.js';

export function workerCommand(signal: AbortSignal): Command {
  return new Command()
    .addOption(redisOption('the queue to take jobs from').makeOptionMandatory())
    .option('--jobs <N>', 'jobs at a time (default: one for each core)', integerIn(1, 256, 2))
    .option('--out <DIR>', 'folder for checkpoints, of this worker alone (default: a temporary one)')
    .option('--json', 'print what becomes of each job as a line of JSON', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace worker --redis redis://192.168.1.10:6379 --jobs 4')
    .action(
      async (options: {
        readonly redis: string;
        readonly jobs?: number;
        readonly out?: string;
        readonly json: boolean;
      }) => {
        const { redis: url, jobs = availableParallelism(), out, json } = options;
        const served = serveRedis({
          url,
          processes: jobs,
          engineOf: () => localEngine({ worker: sweepWorker, processes: 1, retries: 0 }),
          ...(out !== undefined && { folder: out }),
          signal,
          onNotice: printNotice,
          onReady: () => {
            printNotice(
              `takes jobs of version ${version} from the Redis at ${redisAddress(url).shown}, ${jobs} at a time; Ctrl-C stops`,
            );
          },
          onEvent: json ? printEvent : tellEvent,
        });
        await served.finally(() => {
          if (signal.aborted) endSoon();
        });
        throw signal.reason;
      },
    );
}

/** Where a worker is stopped while Redis is away, timers of BullMQ outlive its connections: this process does not wait for them. */
function endSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}

function printEvent(event: WorkerEvent): void {
  printText(plainJson(`${JSON.stringify(event)}\n`));
}

const words: Readonly<Record<WorkerEvent['kind'], string>> = {
  started: 'begins',
  finished: 'is finished',
  failed: 'failed',
  again: 'is tried again',
  stopped: 'goes back to the queue',
  dropped: 'is wanted no more',
};

function tellEvent({ key, kind, failure }: WorkerEvent): void {
  printLine(`${key} ${words[kind]}${failure === undefined ? '' : `: ${failure.message}`}`);
}
