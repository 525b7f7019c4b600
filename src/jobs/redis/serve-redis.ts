import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'bullmq';
import { UsageError } from '../../errors.js';
import { availableMemory } from '../../files/available-memory.js';
import { claimFiles, inOwnFolder, type FolderKind } from '../../files/owned-folder.js';
import type { Engine } from '../engine.js';
import { resultStore } from '../result-store.js';
import { connectRedis } from './connect-redis.js';
import { queueName, queuePrefix, type JobData } from './queue-layout.js';
import { queuePackages } from './queue-packages.js';
import { redisAddress } from './redis-address.js';
import { foreignKey, isOfConnection, isReply } from './redis-errors.js';
import { seldom } from './seldom.js';
import { slotsOf } from './slots.js';
import { takenJobs, type WorkerEvent } from './taken-jobs.js';

export interface ServeRedisOptions {
  /** redis:// or rediss://, with the password in it if there is one. */
  readonly url: string;
  /** Jobs at a time. */
  readonly processes: number;
  /** Makes an engine of one process that tries nothing again: another worker may have what the job lacked. */
  readonly engineOf: () => Engine;
  /** Where jobs keep their checkpoints, for this worker alone; a temporary one, which is removed at the end, if left out. */
  readonly folder?: string;
  /** Raised where the worker is to stop. */
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** It takes jobs from now on. */
  readonly onReady?: () => void;
  readonly onEvent?: (event: WorkerEvent) => void;
  /** Milliseconds after which a job of a worker that is not heard of is another's, within twice as long; 15000 if left out. */
  readonly lease?: number;
}

/** How long a worker that stops waits for a Redis that is away. */
const farewell = 3000; // ms

const workerFolder: FolderKind = { name: 'tiny-subspace worker' };

/**
 * Works on the jobs of a Redis queue until the signal is raised: then the running jobs stop, checkpointed, and go back to the queue, where another worker takes them next. While a job runs its lease is renewed; a worker
 * that is killed, or cut off, renews none.
 *
 * Throws UsageError where Redis cannot be reached or is not fit, where the folder is in use or holds something else, and what an engine cannot start or go on for.
 */
export async function serveRedis(options: ServeRedisOptions): Promise<void> {
  const { folder } = options;
  if (folder !== undefined) {
    await inOwnFolder(folder, workerFolder, () => {
      claimFiles(folder, workerFolder, []);
      return serveIn(folder, options);
    });
    return;
  }
  const temporary = mkdtempSync(join(tmpdir(), 'tiny-subspace-worker-'));
  try {
    await serveIn(temporary, options);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function serveIn(folder: string, options: ServeRedisOptions): Promise<void> {
  const { url, processes, engineOf, signal, onNotice, onReady, onEvent = () => undefined, lease = 15_000 } = options;
  const { bullmq } = await queuePackages();
  const address = redisAddress(url);
  const redis = await connectRedis(address, onNotice);
  try {
    const broken = new AbortController();
    const onBroken = (error: unknown): void => {
      broken.abort(error);
    };
    const isOver = AbortSignal.any([signal, broken.signal]);
    const store = resultStore(folder);
    const slots = await slotsOf({ engineOf, store, memory: availableMemory(), onNotice, onBroken });
    const taken = takenJobs({ bullmq, redis, store, slots, signal: isOver, onBroken, onNotice, onEvent });
    const worker = new bullmq.Worker<JobData, null>(queueName, (job, token) => taken.work(job, token!), {
      connection: redis,
      prefix: queuePrefix,
      name: hostname(),
      concurrency: processes,
      lockDuration: lease,
      stalledInterval: (2 * lease) / 3,
      maxStalledCount: Number.MAX_SAFE_INTEGER, // counted by takenJobs
      runRetryDelay: 1000,
      skipVersionCheck: true,
    });
    const minutely = seldom(60_000, onNotice);
    worker.on('error', (error) => {
      const foreign = foreignKey(error, address.shown);
      if (foreign !== undefined) onBroken(foreign);
      else if (isReply(error)) minutely(`the Redis at ${address.shown} refuses: ${error.message}; it is tried again`);
    }); // others are of the connection, which says so itself; or of a job whose lease ran out while Redis was away, which another answers
    await worker.waitUntilReady().catch((error: unknown) => {
      if (!isOfConnection(error)) throw error;
      throw new UsageError(`the Redis at ${address.shown} went away again; start the worker once it is back`, {
        cause: error,
      });
    });
    onReady?.();
    if (!isOver.aborted) await once(isOver, 'abort');
    await stop(worker, taken.stopped);
    await slots.close();
    broken.signal.throwIfAborted();
  } finally {
    redis.disconnect();
  }
}

/** Takes no more jobs, and ends once those that run are back in the queue, or Redis has had its time. */
async function stop(worker: Worker, stopped: () => Promise<void>): Promise<void> {
  const closed = worker.close();
  await stopped();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, farewell)));
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
