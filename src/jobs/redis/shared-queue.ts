import type { Redis } from 'ioredis';
import type { Job } from '../job.js';
import { keptFor, outcomeIn, outcomeKey, queuedKey, queueName, queuePrefix, wantedKey } from './queue-layout.js';
import type { JobData, Outcome } from './queue-layout.js';
import type { QueuePackages } from './queue-packages.js';

/** What is known of a job in Redis. */
export interface SharedState {
  /** It waits, or runs. */
  readonly isQueued: boolean;
  readonly outcome: Outcome | undefined;
  /** There is something in place of an outcome. */
  readonly isSpoilt: boolean;
}

/** The queue as a driver sees it, beside others. */
export interface SharedQueue {
  /** In the order of the keys. */
  readonly statesOf: (keys: readonly string[]) => Promise<readonly SharedState[]>;
  /** Wants the outcomes of jobs, and adds those that are not there. */
  readonly add: (jobs: readonly Job[]) => Promise<void>;
  /** Removes outcomes. */
  readonly forget: (keys: readonly string[]) => Promise<void>;
  /** Wants jobs no more: an outcome that nobody else wants is removed. Resolves to the keys of jobs that nobody wants. */
  readonly letGo: (keys: readonly string[]) => Promise<readonly string[]>;
  /** The same; those that wait are removed where nobody else wants them. Workers stop those that run, by themselves. */
  readonly takeBack: (keys: readonly string[]) => Promise<void>;
  /** The id of the last thing that was told of the queue, '0-0' if there is none. */
  readonly lastEvent: () => Promise<string>;
  /** How many workers are connected. */
  readonly workers: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** KEYS: wanted, outcome; ARGV: who. 1 if nobody wants it any more. */
const letGoScript = `redis.call('SREM', KEYS[1], ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('UNLINK', KEYS[2])
return 1`;

/** The queue for one driver; `attempts`: how often a job may be begun whose process crashes. Its calls reject with what Redis or the connection says. */
export function sharedQueue(
  { Queue }: QueuePackages['bullmq'],
  redis: Redis,
  driver: string,
  attempts: number,
): SharedQueue {
  const queue = new Queue<JobData>(queueName, { connection: redis, prefix: queuePrefix, skipVersionCheck: true });
  queue.on('error', () => undefined); // the same errors reject the calls

  const letGo = async (keys: readonly string[]): Promise<readonly string[]> => {
    const calls = keys.map((key) => redis.eval(letGoScript, 2, wantedKey(key), outcomeKey(key), driver));
    const answers = await Promise.all(calls);
    return keys.filter((_, i) => answers[i] === 1);
  };
  return {
    async statesOf(keys) {
      if (keys.length === 0) return [];
      const calls = keys.map((key) => redis.exists(queuedKey(key)));
      const found = redis.mget(keys.map(outcomeKey)); // after that: a job leaves the queue once its outcome is there
      const [queued, outcomes] = await Promise.all([Promise.all(calls), found]);
      return keys.map((_, i) => {
        const text = outcomes[i] ?? undefined;
        const outcome = text === undefined ? undefined : outcomeIn(text, keys[i]!);
        return { isQueued: queued[i] === 1, outcome, isSpoilt: text !== undefined && outcome === undefined };
      });
    },
    async add(jobs) {
      const calls = jobs.flatMap(({ key }) => [
        redis.sadd(wantedKey(key), driver),
        redis.expire(wantedKey(key), keptFor),
      ]);
      await Promise.all(calls);
      await queue.addBulk(
        jobs.map(({ key, work, arguments: args, seconds, memory }) => ({
          name: work,
          data: { work, arguments: args, seconds, memory },
          opts: { jobId: key, attempts, removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 },
        })),
      );
    },
    async forget(keys) {
      if (keys.length > 0) await redis.unlink(keys.map(outcomeKey));
    },
    letGo,
    async takeBack(keys) {
      const unwanted = await letGo(keys);
      await Promise.all(unwanted.map((key) => queue.remove(key)));
    },
    async lastEvent() {
      const [last] = await redis.xrevrange(queuedKey('events'), '+', '-', 'COUNT', 1);
      return last?.[0] ?? '0-0';
    },
    workers: () => queue.getWorkersCount(),
    close: () => queue.close(),
  };
}
