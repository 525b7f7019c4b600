import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Queue } from 'bullmq';
import { DataError } from '../../../src/errors.js';
import { failureOf } from '../../../src/jobs/failure.js';
import { isLockName } from '../../../src/files/lock-steps.js';
import { jobOf, type Job } from '../../../src/jobs/job.js';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import {
  outcomeKey,
  outcomeText,
  queuedKey,
  queueName,
  queuePrefix,
  wantedKey,
} from '../../../src/jobs/redis/queue-layout.js';
import { redisEngine } from '../../../src/jobs/redis/redis-engine.js';
import { serveRedis, type ServeRedisOptions } from '../../../src/jobs/redis/serve-redis.js';
import type { WorkerEvent } from '../../../src/jobs/redis/taken-jobs.js';
import { resultStore, type ResultStore } from '../../../src/jobs/result-store.js';
import { runJobs, type RunJobsOptions } from '../../../src/jobs/run-jobs.js';
import { count, echoJob, failing, fatal } from '../toy-works.js';
import { inProcessEngine } from './in-process-engine.js';
import { hasRedis, startRedis, type RedisServer } from './redis-server.js';
import { startWorker } from './worker-process.js';

const base = mkdtempSync(join(tmpdir(), 'redis-engine-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
let folders = 0;
const freshStore = (): ResultStore => resultStore(join(base, String(folders++)));

let redis: RedisServer;
const ends: (() => Promise<unknown>)[] = [];

/** A worker in this process, and what it said. */
function serve(options: Partial<ServeRedisOptions> = {}) {
  const stop = new AbortController();
  const events: WorkerEvent[] = [];
  const notices: string[] = [];
  const ended = serveRedis({
    url: redis.url,
    processes: 2,
    engineOf: inProcessEngine,
    lease: 900,
    signal: stop.signal,
    onNotice: (text) => notices.push(text),
    onEvent: (event) => events.push(event),
    ...options,
  });
  ended.catch(() => undefined);
  const end = (): Promise<void> => {
    stop.abort();
    return ended;
  };
  ends.push(end);
  const of = (kind: WorkerEvent['kind']): string[] => events.filter((one) => one.kind === kind).map(({ key }) => key);
  return { events, notices, end, of, ended };
}

/** A driver, as `runJobs` is one; `notices`: what it said. */
function drive(jobs: readonly Job[], options: Partial<RunJobsOptions> & { readonly retries?: number } = {}) {
  const { store = freshStore(), retries = 1, ...rest } = options;
  const notices: string[] = [];
  const engine = redisEngine({ url: redis.url, retries, lookEvery: 200 });
  const done = runJobs(jobs, { store, engine, onNotice: (text) => notices.push(text), ...rest });
  return { store, notices, done };
}

/** A driver that ends as one that is killed does: what it wanted stays. */
async function driveAndDie(jobs: readonly Job[], store: ResultStore) {
  const silent = { onProgress: () => undefined, onEnd: () => undefined, onNotice: () => undefined };
  const engine = await redisEngine({ url: redis.url, retries: 1, lookEvery: 60_000 }).start(resultStore(store.path), {
    ...silent,
    onBroken: () => undefined,
  });
  engine.submit(jobs);
  await vi.waitUntil(async () => (await Promise.all(jobs.map(waits))).every(Boolean));
  await engine.close();
}

const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
const counting = (seed: number, to = 100_000, ms = 5) => jobOf(count, { to, ms, seed }, { seconds: 1 });
const waits = async ({ key }: Job): Promise<boolean> => (await redis.client.exists(queuedKey(key))) === 1;
const answered = async ({ key }: Job): Promise<boolean> => (await redis.client.exists(outcomeKey(key))) === 1;
/** What there is in Redis besides BullMQ's bookkeeping, which does not grow. */
async function leftInRedis(): Promise<string[]> {
  const bookkeeping = ['id', 'meta', 'events', 'stalled-check', 'stalled', 'marker'].map((name) => queuedKey(name));
  return (await redis.client.keys('*')).filter((key) => !bookkeeping.includes(key));
}

describe.skipIf(!hasRedis)('a queue in Redis', () => {
  beforeAll(async () => {
    redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'always');
  });
  afterAll(async () => {
    await redis.close();
  });
  beforeEach(async () => {
    await redis.client.flushall();
  });
  afterEach(async () => {
    await Promise.allSettled(ends.splice(0).map((end) => end()));
  });

  it('gives what local processes give, and keeps nothing', async () => {
    const worker = new URL('../toy-worker.ts', import.meta.url);
    const jobs = Array.from({ length: 12 }, (_, x) => echoJob({ x, text: 'ä\n', big: 1 / (x + 1) }));
    const { of } = serve({ engineOf: () => localEngine({ worker, processes: 1, retries: 0 }) });
    const { store, done, notices } = drive(jobs);
    const local = freshStore();
    await runJobs(jobs, { store: local, engine: localEngine({ worker, processes: 1 }) });
    expect(await done).toEqual(new Map());
    for (const job of jobs) expect(store.of(job).result).toEqual(local.of(job).result);
    expect(of('finished').sort()).toEqual(jobs.map(({ key }) => key).sort());
    expect(await leftInRedis()).toEqual([]);
    expect(notices).toEqual([]);
  });

  it('tells typed failures once, and tries a crash again as often as it was told', async () => {
    const { of } = serve();
    const typed = jobOf(failing, { typed: true }, { seconds: 1 });
    const bug = jobOf(failing, { typed: false }, { seconds: 1 });
    const dead = jobOf(fatal, { times: 9, log: join(base, 'log'), by: 'SIGKILL' }, { seconds: 1 });
    const { store, done } = drive([typed, dead, bug, echoJob('other')], { retries: 2 });
    const failures = await done;
    expect(failures.get(typed.key)).toEqual({ name: 'DataError', exitCode: 3, message: 'no such data', attempts: 1 });
    expect(failures.get(bug.key)).toMatchObject({ name: 'bug', exitCode: null, attempts: 1 });
    expect(failures.get(dead.key)).toEqual({
      name: 'crash',
      exitCode: null,
      message: 'its process ended',
      attempts: 3,
    });
    expect(failures.size).toBe(3);
    expect(of('started').filter((key) => key === dead.key)).toHaveLength(3);
    expect(of('started').filter((key) => key === typed.key)).toHaveLength(1);
    expect(store.of(echoJob('other')).result).toEqual({ echo: 'other' });
    expect(await leftInRedis()).toEqual([]);
  });

  it('refuses jobs that read the folders of others', async () => {
    serve();
    await expect(drive([echoJob('late', [echoJob('early')])]).done).rejects.toThrow(
      /^echo-\w+ reads what other jobs left in their folders.*use the engine local or slurm$/,
    );
  });

  it('tells how far a job is', async () => {
    serve();
    const shares: number[] = [];
    const job = counting(1, 150, 10);
    await drive([job], {
      onProgress: ({ running }) =>
        shares.push(...[...running].filter(([{ key }]) => key === job.key).map(([, x]) => x)),
    }).done;
    expect(shares[0]).toBe(0);
    expect(shares.some((share) => share > 0.3 && share < 1)).toBe(true);
  });

  it('takes up what it finds when its driver was killed: waiting, running, finished and failed', async () => {
    const store = freshStore();
    const [long, other] = [counting(1, 200, 10), counting(2, 200, 10)];
    const [finished, failed, waiting] = [echoJob('a'), jobOf(failing, { typed: true }, { seconds: 1 }), echoJob('c')];
    const jobs = [finished, failed, long, other, waiting];
    await driveAndDie(jobs, store);
    const { of } = serve();
    await vi.waitUntil(() => of('started').length === 4);
    await vi.waitUntil(async () => (await answered(finished)) && (await answered(failed)));
    expect([await waits(waiting), store.isFinished(finished)]).toEqual([true, false]);
    const { done } = drive(jobs, { store });
    expect([...(await done).keys()]).toEqual([failed.key]);
    for (const job of [finished, long, other, waiting]) expect(store.isFinished(job)).toBe(true);
    const begun = (job: Job) => of('started').filter((key) => key === job.key).length;
    expect([finished, failed, long, other, waiting].map(begun)).toEqual([1, 2, 1, 1, 1]);
  });

  it('forgets nothing and nobody where a driver of the same folder was killed', async () => {
    const store = freshStore();
    await driveAndDie([echoJob('a'), echoJob('b')], store);
    const { of, end } = serve();
    await vi.waitUntil(() => of('finished').length === 2);
    await end();
    await drive([echoJob('a'), echoJob('b')], { store }).done; // no worker is there
    expect(await leftInRedis()).toEqual([]);
  });

  it('answers two drivers that want the same job with one run of it', async () => {
    const { of } = serve();
    const jobs = [counting(1, 50, 10), echoJob('both')];
    const drivers = [drive(jobs), drive(jobs)];
    for (const { done, store } of drivers) {
      expect(await done).toEqual(new Map());
      for (const job of jobs) expect(store.isFinished(job)).toBe(true);
    }
    expect(of('started')).toHaveLength(2);
    expect(await leftInRedis()).toEqual([]);
  });

  it('takes waiting jobs back and stops running ones when a driver stops, but not those of another', async () => {
    const { of } = serve();
    const [one, shared, waiting] = [counting(1), counting(2, 120, 10), echoJob('waiting')];
    const stop = new AbortController();
    const stopping = drive([one, shared, waiting], { signal: stop.signal });
    const other = drive([shared]);
    await vi.waitUntil(() => of('started').length === 2);
    await vi.waitUntil(async () => (await redis.client.scard(wantedKey(shared.key))) === 2);
    stop.abort(new Error('enough'));
    await expect(stopping.done).rejects.toThrow('enough');
    expect(await waits(waiting)).toBe(false);
    await vi.waitUntil(() => of('dropped').length === 1, 3000);
    expect(await other.done).toEqual(new Map());
    expect(of('dropped')).toEqual([one.key]);
    expect(of('finished')).toEqual([shared.key]);
    expect(await leftInRedis()).toEqual([]);
  });

  it('gives the jobs of a worker that stops to another at once; one with the same folder goes on', async () => {
    const folder = join(base, 'worker');
    const job = counting(1, 60, 10);
    const first = serve({ folder });
    const { store, done } = drive([job]);
    await vi.waitUntil(() => existsSync(join(folder, 'runs', job.key, 'work', 'at')));
    await first.end();
    expect(first.of('stopped')).toEqual([job.key]);
    expect(readdirSync(folder).filter((name) => !isLockName(name))).toEqual(['manifest.json', 'runs']);
    const second = serve({ folder, lease: 60_000 }); // it does not wait for a lease to end
    expect(await done).toEqual(new Map());
    expect(store.of(job).result).toEqual({ at: 60 });
    expect(second.of('finished')).toEqual([job.key]);
    expect(readdirSync(join(folder, 'runs'))).toEqual([]);
  });

  it('gives the jobs of a worker that was killed to another', async () => {
    const killed = startWorker(redis.url, 900, 1);
    const job = counting(1, 40, 25);
    const { store, done } = drive([job]);
    await vi.waitUntil(async () => (await redis.client.exists(`${queuedKey(job.key)}:lock`)) === 1, 20_000);
    killed.kill('SIGKILL');
    const { of } = serve();
    expect(await done).toEqual(new Map());
    expect(of('finished')).toEqual([job.key]);
    expect(store.isFinished(job)).toBe(true);
  });

  it('takes a job with which ten workers were lost for what kills them', async () => {
    const [killer, other] = [counting(1), counting(2, 1, 1)];
    const { done } = drive([killer, other], { retries: 5 });
    await vi.waitUntil(async () => (await waits(killer)) && (await waits(other)));
    await redis.client.hset(queuedKey(killer.key), 'stc', 10);
    await redis.client.hset(queuedKey(other.key), 'stc', 9);
    const { of } = serve();
    const failure = (await done).get(killer.key)!;
    expect(failure).toMatchObject({ name: 'crash', exitCode: 2, attempts: 10 });
    expect(failure.message).toContain('10 workers were lost');
    expect(of('started')).toEqual([other.key]);
  });

  it('answers a job whose lease ran out while it ran from the run that is under way', async () => {
    const { of } = serve({ lease: 300 });
    const job = counting(1, 120, 10);
    const { done } = drive([job]);
    await vi.waitUntil(() => of('started').length === 1);
    await redis.client.unlink(`${queuedKey(job.key)}:lock`);
    expect(await done).toEqual(new Map());
    expect(of('started')).toEqual([job.key]);
    await vi.waitUntil(async () => (await leftInRedis()).length === 0, 3000);
  });

  it('finds outcomes that no event told of', async () => {
    const job = echoJob('quiet');
    const { done, store } = drive([job]);
    await vi.waitUntil(() => waits(job));
    const finished = { result: { echo: 'quiet' }, seconds: 1, machine: 'elsewhere' };
    await redis.client.set(outcomeKey(job.key), outcomeText(job.key, { finished }));
    expect(await done).toEqual(new Map());
    expect(store.of(job)).toEqual(finished);
  });

  it('takes nothing for an outcome that is none of the job', async () => {
    const [job, finished] = [echoJob('own'), { result: { echo: 'forged' }, seconds: 1, machine: 'elsewhere' }];
    for (const text of ['garbage', JSON.stringify({ finished }), outcomeText(echoJob('other').key, { finished })]) {
      const { done, store } = drive([job]);
      await vi.waitUntil(() => waits(job));
      await redis.client.set(outcomeKey(job.key), text);
      await vi.waitUntil(async () => !(await answered(job)));
      const { end } = serve();
      expect(await done).toEqual(new Map());
      expect(store.of(job).result).toEqual({ echo: 'own' });
      await end();
    }
  });

  it('ends where something else is kept under its keys, on both sides', async () => {
    const job = echoJob('x');
    await redis.client.set(wantedKey(job.key), 'a text');
    const said =
      /^the Redis at 127\.0\.0\.1:\d+ holds something else under keys of the queue, which begin with tiny-subspace:/;
    await expect(drive([job]).done).rejects.toThrow(said);
    await redis.client.set(queuedKey('wait'), 'a text');
    await expect(serve().ended).rejects.toThrow(said);
  });

  it('leaves alone what is no job of a driver, and folders that its key leads to', async () => {
    const queue = new Queue(queueName, { connection: { port: redis.port }, prefix: queuePrefix });
    const [folder, key] = [join(base, 'worker'), '../../not-its-own'];
    mkdirSync(join(base, 'not-its-own'));
    await redis.client.sadd(wantedKey(key), 'somebody');
    await queue.add('echo', { work: 'echo', arguments: 1, seconds: 1, memory: 0 }, { jobId: key });
    const { of } = serve({ folder });
    await vi.waitUntil(() => of('dropped').length === 1);
    await queue.close();
    expect(of('started')).toEqual([]);
    expect(existsSync(join(base, 'not-its-own'))).toBe(true);
  });

  it('goes on when Redis was killed and started again', async () => {
    const { of, notices } = serve();
    const jobs = [counting(1, 120, 10), counting(2, 120, 10), echoJob('after'), echoJob('that')];
    const driver = drive(jobs);
    await vi.waitUntil(() => of('started').length === 2);
    await redis.kill();
    await redis.start();
    expect(await driver.done).toEqual(new Map());
    for (const job of jobs) expect(driver.store.isFinished(job)).toBe(true);
    for (const said of [notices, driver.notices]) {
      expect(said.map((text) => /is lost|is back/.exec(text)?.[0])).toEqual(['is lost', 'is back']);
    }
  });

  it('adds again what Redis forgot', async () => {
    const jobs = [echoJob('x'), echoJob('y')];
    const { done, store } = drive(jobs);
    await vi.waitUntil(() => waits(jobs[1]!));
    await redis.client.flushall();
    serve();
    expect(await done).toEqual(new Map());
    for (const job of jobs) expect(store.isFinished(job)).toBe(true);
  });

  it('says that no worker is there, once; and nothing on its own on stderr', async () => {
    const spies = (['warn', 'error', 'log'] as const).map((name) => vi.spyOn(console, name));
    const { done, notices } = drive([echoJob('alone')]);
    await vi.waitUntil(() => notices.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500)); // two more looks
    serve();
    await done;
    expect(notices).toEqual([
      expect.stringContaining(`no worker takes jobs from the Redis at 127.0.0.1:${redis.port}`) as string,
    ]);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('leaves jobs of another version to its workers', async () => {
    serve();
    await drive([echoJob('ours')]).done;
    expect(queueName).toMatch(/^\d+\.\d+\.\d+-\d+$/);
    for (const key of await redis.client.keys('*')) expect(key.startsWith(`${queuePrefix}:${queueName}:`)).toBe(true);
  });

  it('ends a worker whose folder takes nothing, its jobs given back', async () => {
    const failed = serve({
      engineOf: () => ({
        ...inProcessEngine(),
        start: (_, { onBroken }) =>
          Promise.resolve({
            submit: () => {
              onBroken(new Error('the disk is full'));
            },
            stop: () => Promise.resolve(),
            close: () => Promise.resolve(),
          }),
      }),
    });
    const { done } = drive([echoJob('safe')]);
    await expect(failed.ended).rejects.toThrow('the disk is full');
    serve({ lease: 60_000 });
    expect(await done).toEqual(new Map());
  });

  it('ends a worker whose disk is full, and another works on what it had', async () => {
    const full = serve({
      engineOf: () => ({
        ...inProcessEngine(),
        start: (_, { onEnd }) =>
          Promise.resolve({
            submit: ([one]) => {
              onEnd(one!, failureOf(new DataError('no room', { cause: new DataError('x', { cause: noSpace }) })));
            },
            stop: () => Promise.resolve(),
            close: () => Promise.resolve(),
          }),
      }),
    });
    const { done } = drive([echoJob('safe')]);
    await expect(full.ended).rejects.toThrow(new DataError('no room'));
    serve({ lease: 60_000 });
    expect(await done).toEqual(new Map());
  });

  it('stops in time when Redis is away', async () => {
    const { of, end } = serve();
    const stop = new AbortController();
    const { done, notices } = drive([counting(1)], { signal: stop.signal });
    await vi.waitUntil(() => of('started').length === 1);
    await redis.kill();
    stop.abort(new Error('enough'));
    await Promise.all([expect(done).rejects.toThrow('enough'), end()]);
    expect(notices.at(-1)).toMatch(/does not answer, or refuses: what waits there stays/);
    await redis.start();
  });
});
