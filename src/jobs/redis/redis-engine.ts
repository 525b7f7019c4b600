import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Engine, EngineEvents, RunningEngine } from '../engine.js';
import type { ResultStore } from '../result-store.js';
import { connectRedis } from './connect-redis.js';
import { queueName, queuePrefix } from './queue-layout.js';
import { queuePackages } from './queue-packages.js';
import { redisAddress, type RedisAddress } from './redis-address.js';
import { foreignKey, isOfConnection, isReply } from './redis-errors.js';
import { seldom } from './seldom.js';
import { sharedQueue } from './shared-queue.js';
import { wantedJobs } from './wanted-jobs.js';

/** Where the queue is, and how it is used. */
export interface RedisEngineOptions {
  /** redis:// or rediss://, with the password in it if there is one. */
  readonly url: string;
  /** How often a job is tried again whose process crashed. */
  readonly retries: number;
  /** Milliseconds between two looks at all jobs, for what no event told of; 3000 if left out. */
  readonly lookEvery?: number;
}

/** At most so many jobs wait in Redis. */
const capacity = 10_000;
/** How long a driver that stops waits for a Redis that is away. */
const farewell = 3000; // ms

/**
 * Jobs on any machine, by way of a BullMQ queue in Redis; those of `tiny-subspace worker` work on them. Whoever drives holds what it wants against what is there, whenever it is told of
 * something and every `lookEvery`. So it does not matter which driver added a job, what happened while none was there, which event was lost, or what a Redis forgot.
 */
export function redisEngine({ url, retries, lookEvery = 3000 }: RedisEngineOptions): Engine {
  const address = redisAddress(url);
  return {
    name: 'redis',
    capacity,
    start: (store, events) => drive(address, retries, lookEvery, store, events),
  };
}

async function drive(
  address: RedisAddress,
  retries: number,
  lookEvery: number,
  store: ResultStore,
  events: EngineEvents,
): Promise<RunningEngine> {
  const { bullmq } = await queuePackages();
  const redis = await connectRedis(address, events.onNotice);
  const driver = `${hostname()}:${resolve(store.path)}`; // the same when it runs again
  const shared = sharedQueue(bullmq, redis, driver, retries + 1);
  const stream = new bullmq.QueueEvents(queueName, {
    connection: redis,
    prefix: queuePrefix,
    skipVersionCheck: true,
    lastEventId: await shared.lastEvent(), // it is connected later
  });
  stream.on('error', () => undefined); // the connection says what there is to say

  const minutely = seldom(60_000, events.onNotice);
  const onProblem = (error: unknown): void => {
    if (isOfConnection(error)) return;
    const foreign = foreignKey(error, address.shown);
    if (foreign !== undefined) events.onBroken(foreign);
    else if (isReply(error)) minutely(`the Redis at ${address.shown} refuses: ${error.message}; it is tried again`);
    else events.onBroken(error);
  };
  const wanted = wantedJobs({ shared, store, onEnd: events.onEnd, onProblem });
  const progress = (key: string, share: number): void => {
    const job = wanted.find(key);
    if (job !== undefined) events.onProgress(job, share);
  };
  stream.on('active', ({ jobId }) => {
    progress(jobId, 0);
  });
  stream.on('progress', ({ jobId, data }) => {
    if (typeof data === 'number') progress(jobId, data);
  });
  stream.on('completed', ({ jobId }) => {
    wanted.look([jobId]);
  });
  const missWorkers = async (): Promise<void> => {
    if (wanted.keys().length === 0 || (await shared.workers()) > 0) return;
    minutely(
      `no worker takes jobs from the Redis at ${address.shown}: start some, of this version, with tiny-subspace worker --redis redis://${address.shown}`,
    );
  };
  const timer = setInterval(() => {
    wanted.look(wanted.keys());
    missWorkers().catch(onProblem);
  }, lookEvery);

  const close = async (): Promise<void> => {
    clearInterval(timer);
    await isInTime(wanted.end().then(wanted.letGoOfEnded));
    await Promise.allSettled([stream.close(), shared.close()]);
    redis.disconnect();
  };
  return {
    submit(jobs) {
      const dependent = jobs.find(({ after }) => after.length > 0);
      if (dependent !== undefined) {
        throw new UsageError(
          `${dependent.key} reads what other jobs left in their folders, which workers on other machines do not see: use the engine local or slurm`,
        );
      }
      wanted.want(jobs);
    },
    async stop() {
      clearInterval(timer);
      if (!(await isInTime(wanted.end().then(() => shared.takeBack(wanted.keys()))))) {
        events.onNotice(
          `the Redis at ${address.shown} does not answer, or refuses: what waits there stays, and workers go on with it`,
        );
      }
      await close();
    },
    close,
  };
}

/** Whether it is done before long, without an error. */
async function isInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, farewell, false)));
  return Promise.race([work.then(() => true), late])
    .catch(() => false)
    .finally(() => {
      clearTimeout(timer);
    });
}
