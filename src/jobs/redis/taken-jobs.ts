import { rmSync } from 'node:fs';
import type { Job as QueuedJob } from 'bullmq';
import type { Redis } from 'ioredis';
import { DataError } from '../../errors.js';
import { crash, isWorthRetrying, type Failure } from '../failure.js';
import { isJobKey, type Job } from '../job.js';
import type { ResultStore } from '../result-store.js';
import { keptFor, outcomeKey, outcomeText, wantedKey, type JobData, type Outcome } from './queue-layout.js';
import type { QueuePackages } from './queue-packages.js';
import { isOfConnection, isReply } from './redis-errors.js';
import { seldom } from './seldom.js';
import type { Slots } from './slots.js';

/** What a worker did with a job. */
export interface WorkerEvent {
  /** Of the job. */
  readonly key: string;
  /** 'again': its process crashed, and it waits to be tried again; 'stopped': the worker stops, and it waits for another; 'dropped': nobody wants it any more. */
  readonly kind: 'started' | 'finished' | 'failed' | 'again' | 'stopped' | 'dropped';
  /** Why it has no result. */
  readonly failure?: Failure;
}

/** What a worker works on its jobs with. */
export interface TakenJobsOptions {
  readonly bullmq: QueuePackages['bullmq'];
  readonly redis: Redis;
  readonly store: ResultStore;
  readonly slots: Slots;
  /** Raised where the worker stops. */
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** The worker cannot go on. */
  readonly onBroken: (error: unknown) => void;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** The jobs that a worker took from the queue. */
export interface TakenJobs {
  /** BullMQ's processor: resolves where a job leaves the queue, its outcome beside it; throws where it goes back. */
  readonly work: (queued: QueuedJob<JobData, null>, token: string) => Promise<null>;
  /** After the signal: resolves once none runs. */
  readonly stopped: () => Promise<void>;
}

/** So many workers are lost with a job before it is taken for what kills them: a lost worker is no fault of a job, but a job may fill the memory of every machine. */
const losses = 10;
/** How often it is looked whether jobs are still wanted, and told how far they are. */
const pulse = 1000; // ms

interface Underway {
  readonly queued: QueuedJob<JobData, null>;
  readonly abort: AbortController;
  readonly ended: Promise<WorkerEvent['kind']>;
  share: number;
  told: number;
}

/** KEYS: wanted, outcome; ARGV: what is to be kept, seconds. */
const answerScript = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2]) end`;

/** Works on jobs, each once at a time: one whose lease ran out, and that comes again, is answered by the run that is under way. */
export function takenJobs(options: TakenJobsOptions): TakenJobs {
  const { bullmq, redis, store, slots, signal, onNotice, onBroken, onEvent } = options;
  const underway = new Map<string, Underway>();
  const minutely = seldom(60_000, onNotice);

  const answer = async (job: Job, outcome: Outcome): Promise<WorkerEvent['kind']> => {
    const text = outcomeText(job.key, outcome);
    await redis.eval(answerScript, 2, wantedKey(job.key), outcomeKey(job.key), text, keptFor);
    rmSync(store.folderOf(job), { recursive: true, force: true });
    const kind = 'failure' in outcome ? 'failed' : 'finished';
    onEvent({ key: job.key, kind, ...('failure' in outcome && outcome) });
    return kind;
  };
  const execute = async (queued: QueuedJob<JobData, null>, onShare: (share: number) => void, stop: AbortSignal) => {
    const job: Job = { key: queued.id!, after: [], ...queued.data };
    const attempts = queued.attemptsMade + 1;
    if (!isJobKey(job.key)) return 'dropped'; // no driver added it
    if ((await redis.exists(outcomeKey(job.key))) === 1) return 'finished'; // by a worker that was lost a moment later
    if ((await redis.exists(wantedKey(job.key))) === 0) return 'dropped';
    if (queued.stalledCounter >= losses)
      return answer(job, { failure: lostTooOften(attempts + queued.stalledCounter - 1) });
    onEvent({ key: job.key, kind: 'started' });
    const end = store.isFinished(job) ? undefined : await slots.run(job, onShare, stop);
    if (end === undefined) return answer(job, { finished: store.of(job) });
    if (end === 'stopped') return signal.aborted ? 'stopped' : 'dropped';
    if (end.name === 'disk') throw new DataError(end.message); // another worker may have room
    const failure = { ...end, attempts };
    if (!isWorthRetrying(failure) || attempts >= (queued.opts.attempts ?? 1)) return answer(job, { failure });
    onEvent({ key: job.key, kind: 'again', failure });
    return 'again';
  };
  const begin = (queued: QueuedJob<JobData, null>): Underway => {
    const abort = new AbortController();
    const onShare = (share: number): void => {
      one.share = share;
    };
    const ended = execute(queued, onShare, abort.signal)
      .catch((error: unknown): WorkerEvent['kind'] => {
        if (isReply(error)) minutely(`Redis refuses: ${error.message}; it is tried again`);
        else if (!isOfConnection(error)) onBroken(error);
        return signal.aborted ? 'stopped' : 'again';
      })
      .finally(() => underway.delete(queued.id!));
    const one: Underway = { queued, abort, ended, share: 0, told: 0 };
    underway.set(queued.id!, one);
    return one;
  };

  const look = async (one: Underway): Promise<void> => {
    if ((await redis.exists(wantedKey(one.queued.id!))) === 0) one.abort.abort();
    else if (one.share !== one.told) await one.queued.updateProgress((one.told = one.share));
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return; // Redis is away
    isLooking = true;
    void Promise.allSettled(Array.from(underway.values(), look)).then(() => (isLooking = false));
  }, pulse);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    for (const { abort } of underway.values()) abort.abort();
  });

  return {
    async work(queued, token) {
      const isTooLate = signal.aborted; // fetched while the worker stopped: it goes back as it came
      const kind = isTooLate ? 'stopped' : await (underway.get(queued.id!) ?? begin(queued)).ended;
      if (kind === 'again') throw new Error('to be tried again');
      if (!isTooLate && (kind === 'stopped' || kind === 'dropped')) onEvent({ key: queued.id!, kind });
      if (kind !== 'stopped') return null;
      await queued.moveToWait(token).catch(() => undefined); // where its lease ran out it waits already
      throw new bullmq.WaitingError();
    },
    async stopped() {
      await Promise.all(Array.from(underway.values(), ({ ended }) => ended));
    },
  };
}

const lostTooOften = (attempts: number): Failure =>
  crash(
    `${losses} workers were lost while they ran it: killed, or cut off from Redis; it may need more memory than they have`,
    attempts,
  );
