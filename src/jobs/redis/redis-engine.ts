import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Engine, EngineEvents, RunningEngine } from '../engine.js';
import type { Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { connectRedis } from './connect-redis.js';
import { queueName, queuePrefix, type Outcome } from './queue-layout.js';
import { queuePackages } from './queue-packages.js';
import { redisAddress, type RedisAddress } from './redis-address.js';
import { isOfConnection, isReply } from './redis-errors.js';
import { seldom } from './seldom.js';
import { sharedQueue } from './shared-queue.js';

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
/** Jobs asked for at a time: their results are in memory together. */
const atATime = 100;
/** How long a driver that stops waits for a Redis that is away. */
const farewell = 3000; // ms

/**
 * Jobs on any machine, by way of a BullMQ queue in Redis; those of `tiny-subspace worker` work on them. Whoever drives holds what it wants against what is there, whenever it is told of
 * something and every `lookEvery`: an outcome is written into the store, and a job that is neither queued nor has an outcome is added. So it does not matter
 * which driver added a job, what happened while none was there, which event was lost, or what a Redis forgot.
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

  const wanted = new Map<string, Job>();
  /** Those never asked for: a failure of theirs is an old one, which is to be tried again. */
  const unseen = new Set<string>();
  const due = new Set<string>();
  /** Whose outcome is written, and still in Redis. */
  const ended = new Set<string>();
  let isOver = false;
  let looking = Promise.resolve();
  let isLooking = false;

  const collect = (job: Job, outcome: Outcome): void => {
    if ('finished' in outcome) store.finish(job, outcome.finished);
    wanted.delete(job.key);
    ended.add(job.key);
    events.onEnd(job, 'failure' in outcome ? outcome.failure : undefined);
  };
  const letGoOfEnded = async (): Promise<void> => {
    const keys = [...ended];
    if (keys.length > 0) await shared.letGo(keys);
    for (const key of keys) ended.delete(key);
  };
  const lookAt = async (jobs: readonly Job[]): Promise<void> => {
    const states = await shared.statesOf(jobs.map(({ key }) => key));
    const [missing, old]: [Job[], string[]] = [[], []];
    for (const [i, { isQueued, outcome }] of states.entries()) {
      const job = jobs[i]!;
      const isOld = unseen.has(job.key) && outcome !== undefined && 'failure' in outcome;
      if (outcome !== undefined && !isOld) collect(job, outcome);
      else if (!isQueued || unseen.has(job.key)) missing.push(job);
      if (isOld) old.push(job.key);
    }
    await shared.forget(old);
    await shared.add(missing);
    for (const { key } of jobs) unseen.delete(key);
    await letGoOfEnded();
  };
  const lookAtAll = async (): Promise<void> => {
    while (due.size > 0 && !isOver) {
      const keys = [...due].slice(0, atATime);
      for (const key of keys) due.delete(key);
      await lookAt(keys.map((key) => wanted.get(key)).filter((job) => job !== undefined));
    }
  };
  const minutely = seldom(60_000, events.onNotice);
  const onProblem = (error: unknown): void => {
    if (isOver || isOfConnection(error)) return; // made up for at the next look
    if (isReply(error)) minutely(`the Redis at ${address.shown} refuses: ${error.message}; it is tried again`);
    else {
      isOver = true;
      events.onBroken(error);
    }
  };
  const look = (keys: Iterable<string>): void => {
    for (const key of keys) if (wanted.has(key)) due.add(key);
    if (isLooking) return;
    isLooking = true;
    looking = lookAtAll()
      .catch(onProblem)
      .finally(() => {
        isLooking = false;
      });
  };
  const missWorkers = async (): Promise<void> => {
    if (wanted.size === 0 || (await shared.workers()) > 0) return;
    minutely(
      `no worker takes jobs from the Redis at ${address.shown}: start some, of this version, with tiny-subspace worker --redis redis://${address.shown}`,
    );
  };
  stream.on('completed', ({ jobId }) => {
    look([jobId]);
  });
  const progress = (key: string, share: number): void => {
    const job = wanted.get(key);
    if (job !== undefined) events.onProgress(job, share);
  };
  stream.on('active', ({ jobId }) => {
    progress(jobId, 0);
  });
  stream.on('progress', ({ jobId, data }) => {
    if (typeof data === 'number') progress(jobId, data);
  });
  const timer = setInterval(() => {
    look(wanted.keys());
    missWorkers().catch(onProblem);
  }, lookEvery);

  const end = (): void => {
    isOver = true;
    clearInterval(timer);
  };
  const close = async (): Promise<void> => {
    end();
    await isInTime(looking.then(letGoOfEnded));
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
      for (const job of jobs) {
        wanted.set(job.key, job);
        unseen.add(job.key);
      }
      look(jobs.map(({ key }) => key));
    },
    async stop() {
      end();
      const takeBack = (): Promise<void> => shared.takeBack([...wanted.keys()]);
      if (!(await isInTime(looking.then(takeBack)))) {
        events.onNotice(
          `the Redis at ${address.shown} does not answer: what waits there stays, and workers go on with it`,
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
