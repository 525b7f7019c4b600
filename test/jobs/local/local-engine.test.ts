import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isLockName } from '../../../src/files/lock-steps.js';
import { jobOf, type Job } from '../../../src/jobs/job.js';
import { localEngine, type LocalOptions } from '../../../src/jobs/local/local-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { runJobs, type JobsProgress, type RunJobsOptions } from '../../../src/jobs/run-jobs.js';
import { count, echoJob, failing, fatal, sum, whoAmI } from '../toy-works.js';

const base = mkdtempSync(join(tmpdir(), 'local-engine-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
const worker = new URL('../toy-worker.ts', import.meta.url);
let folders = 0;
const freshStore = () => resultStore(join(base, String(folders++)));
const run = (jobs: readonly Job[], { store = freshStore(), ...options }: Partial<RunJobsOptions & LocalOptions> = {}) =>
  runJobs(jobs, { store, engine: localEngine({ worker, processes: 2, ...options }), ...options });

describe('local processes', () => {
  it('work on jobs after those they come after, and keep every result', async () => {
    const store = freshStore();
    const numbers = [1, 2, 3, 4, 5].map((x) => echoJob(x));
    const total = jobOf(sum, { of: numbers.map(({ key }) => key) }, { after: numbers, seconds: 1 });
    const ended: string[] = [];
    expect(await run([total], { store, onEnd: ({ key }) => ended.push(key) })).toEqual(new Map());
    expect(store.of(total).result).toEqual({ echo: 15 });
    expect(ended.at(-1)).toBe(total.key);
    expect(new Set(ended).size).toBe(6);
    expect(readdirSync(store.folderOf(total)).filter((name) => name !== 'seconds')).toEqual(['result.json']);
    const again: string[] = [];
    await run([total], { store, onEnd: ({ key }) => again.push(key) });
    expect(again).toEqual([]);
  });

  it('are as many as they may be, and go from job to job', async () => {
    const store = freshStore();
    const jobs = Array.from({ length: 12 }, (_, seed) => jobOf(whoAmI, { ms: 40, seed }, { seconds: 1 }));
    let most = 0;
    await run(jobs, { store, onProgress: ({ running }) => (most = Math.max(most, running.size)) });
    expect(new Set(jobs.map((job) => store.of(job).result.pid)).size).toBe(2);
    expect(most).toBe(2);
  });

  it('hold fewer jobs at a time where memory allows no more, and one in any case', async () => {
    const jobs = [3, 3, 3, 20].map((memory, seed) => jobOf(whoAmI, { ms: 30, seed }, { seconds: 1, memory }));
    const together: number[] = [];
    const onProgress = ({ running }: JobsProgress) =>
      together.push([...running.keys()].reduce((total, { memory }) => total + memory, 0));
    expect(await run(jobs, { processes: 4, memory: 7, onProgress })).toEqual(new Map());
    expect(Math.max(...together.filter((total) => total !== 20))).toBe(6);
    expect(together).toContain(20);
  });

  it.each(['SIGKILL', 'exit'])('a job whose process ends by %s is tried again, and fails alone', async (by) => {
    const store = freshStore();
    const of = (times: number, name: string) =>
      jobOf(fatal, { times, log: join(base, `${by}-${name}`), by }, { seconds: 1, memory: 2e9 });
    const [once, thrice, other] = [of(1, 'once'), of(3, 'thrice'), echoJob('other')];
    const failures = await run([once, thrice, other], { store, retries: 2 });
    expect([...failures.keys()]).toEqual([thrice.key]);
    expect(failures.get(thrice.key)).toMatchObject({ name: 'crash', exitCode: 2, attempts: 3 });
    expect(failures.get(thrice.key)!.message).toContain(
      by === 'exit'
        ? 'ended with exit code 7, 3 times'
        : 'ended by SIGKILL, 3 times: there was not enough memory (it was expected to need 2.0 GB)',
    );
    expect(store.of(once).result).toEqual({ before: 1 });
    expect(store.isFinished(other)).toBe(true);
  });

  it('say what a job failed with, do not try it again, and leave out what builds on it', async () => {
    const store = freshStore();
    const [typed, bug] = [true, false].map((one) => jobOf(failing, { typed: one }, { seconds: 1 }));
    const built = echoJob('built', [typed!]);
    const onBuilt = echoJob('on built', [built, bug!]);
    const failures = await run([onBuilt, echoJob('alone')], { store, retries: 5 });
    expect(failures.get(typed!.key)).toEqual({ name: 'DataError', exitCode: 3, message: 'no such data', attempts: 1 });
    expect(failures.get(bug!.key)).toMatchObject({ name: 'bug', exitCode: null, attempts: 1 });
    expect(failures.get(bug!.key)!.message).toMatch(/^TypeError: a bug\n\s+at /);
    expect(failures.get(built.key)!.message).toBe('no such data');
    expect(new Set(failures.keys())).toEqual(new Set([typed!, bug!, built, onBuilt].map(({ key }) => key)));
    expect(store.isFinished(echoJob('alone'))).toBe(true);
  });

  it('stop at a signal with what is done kept, and go on from there', async () => {
    const store = freshStore();
    const stop = new AbortController();
    const job = jobOf(count, { to: 60, ms: 10 }, { seconds: 1 });
    const reason = new Error('enough');
    const onProgress = ({ running }: JobsProgress) => {
      if ((running.get(job) ?? 0) > 0.3) stop.abort(reason);
    };
    await expect(run([job, echoJob('b')], { store, signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(store.isFinished(job)).toBe(false);
    expect(readdirSync(store.folderOf(job)).filter(isLockName)).toEqual([]);
    const reached = Number(readFileSync(join(store.workFolderOf(job), 'at'), 'utf8'));
    expect(reached).toBeGreaterThan(17);
    const shares: number[] = [];
    await run([job], { store, onProgress: ({ running }) => shares.push(running.get(job) ?? 1) });
    expect(shares.filter((share) => share > 0 && share < reached / 60)).toEqual([]);
    expect(store.of(job).result).toEqual({ at: 60 });
  });

  it('do not keep anybody waiting while they load', async () => {
    const worker = new URL('../slow-to-load.ts', import.meta.url);
    const [stop, reason] = [new AbortController(), new Error('enough')];
    setTimeout(() => {
      stop.abort(reason);
    }, 1000);
    const start = performance.now();
    await expect(run([echoJob('a'), echoJob('b')], { worker, signal: stop.signal })).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(30_000);
  });

  it('stop where what is told of a job throws', async () => {
    const fail = () => {
      throw new Error('the disk is full');
    };
    const jobs = [1, 2, 3, 4, 5, 6].map((x) => echoJob(x));
    await expect(run(jobs, { onEnd: fail })).rejects.toThrow('the disk is full');
    const long = jobOf(count, { to: 300, ms: 10 }, { seconds: 1 });
    const onProgress = ({ running }: JobsProgress) => {
      if ((running.get(long) ?? 0) > 0) fail();
    };
    await expect(run([long], { onProgress })).rejects.toThrow('the disk is full');
  });

  it('say what a job failed with, also where the time that it took cannot be kept', async () => {
    const store = freshStore();
    const job = jobOf(failing, { typed: true }, { seconds: 1 });
    mkdirSync(join(store.folderOf(job), 'seconds'), { recursive: true });
    expect((await run([job], { store })).get(job.key)).toMatchObject({ message: 'no such data' });
  });

  it('refuse a work that there is not, and tell of a worker that does not start', async () => {
    const unknown = jobOf({ name: 'unknown', revision: 1 }, {}, { seconds: 1 });
    const failures = await run([unknown]);
    expect(failures.get(unknown.key)).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/^there is no work 'unknown'; known are echo, /) as string,
    });
    const none = new URL('./no-such-worker.ts', import.meta.url);
    const job = echoJob(1);
    const engine = localEngine({ worker: none, processes: 1, retries: 0 });
    expect((await runJobs([job], { store: freshStore(), engine })).get(job.key)).toMatchObject({
      name: 'crash',
      attempts: 1,
    });
  });
});
