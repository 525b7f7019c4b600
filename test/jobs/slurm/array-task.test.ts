import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { dropUnseenLocks, lockFolder } from '../../../src/files/folder-lock.js';
import { lockName } from '../../../src/files/lock-steps.js';
import { jobOf, type Job } from '../../../src/jobs/job.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import { firstAttempt, nextAttempt } from '../../../src/jobs/slurm/attempt.js';
import { chunksOf } from '../../../src/jobs/slurm/chunks.js';
import { runArrayTask } from '../../../src/jobs/slurm/run-array-task.js';
import { batchScript, slurmTemplate } from '../../../src/jobs/slurm/script-template.js';
import { readSubmission, withdraw, writeSubmission, type Submission } from '../../../src/jobs/slurm/submission.js';
import { readReport } from '../../../src/jobs/slurm/task-report.js';
import { count, echo, echoJob, failing, fatal } from '../toy-works.js';

const base = mkdtempSync(join(tmpdir(), 'array-task-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
const worker = new URL('../toy-worker.ts', import.meta.url);
let folders = 0;

/** A submission in a store whose path a shell would take apart. */
function submission(...tasks: readonly (readonly Job[])[]): Submission {
  const store = join(base, `it's "$HOME" \`${folders++}\` é`);
  const command = [process.execPath, '--import', 'tsx', 'src/jobs/slurm/array-task.ts'];
  const given = { name: 'tiny-subspace-test', worker: worker.href, processes: 2 };
  const attempts = tasks.map((jobs) => jobs.map(firstAttempt));
  return writeSubmission(store, attempts, given, (folder) => batchScript(slurmTemplate, [...command, folder], 2));
}
const storeOf = ({ folder }: Submission) => resultStore(join(folder, '../..'));
const never = new AbortController().signal;

/** What a process on another machine leaves that is killed. */
function lockFromElsewhere(folder: string): void {
  lockFolder(folder);
  const path = join(folder, lockName);
  const own = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...own, host: `not-${hostname()}`, token: 'a'.repeat(32) }));
}

describe('an array task', () => {
  it('does its jobs and no others, and reports how each ended', async () => {
    const [done, typed, died] = [
      echoJob('é'),
      jobOf(failing, { typed: true }, { seconds: 1 }),
      jobOf(fatal, { times: 1, log: join(base, 'deaths'), by: 'SIGKILL' }, { seconds: 1 }),
    ];
    const written = submission([echoJob('of another task')], [done, typed, died]);
    expect(readSubmission(written.folder)).toEqual(written);
    expect(await runArrayTask(written.folder, 1, never)).toBe('done');
    const store = storeOf(written);
    expect(store.of(done).result).toEqual({ echo: 'é' });
    expect(store.isFinished(echoJob('of another task'))).toBe(false);
    const report = readReport(written, 1);
    expect(report).toMatchObject({ finished: [done.key], end: 'done' });
    expect(report.failures).toEqual({
      [typed.key]: { name: 'DataError', exitCode: 3, message: 'no such data', attempts: 1 },
      [died.key]: expect.objectContaining({ name: 'crash', attempts: 1 }) as unknown,
    });
    expect(readReport(written, 0)).toEqual({ count: 0, shares: {}, finished: [], failures: {}, end: null });
  });

  it('is done by the first who takes it, and by nobody once it is withdrawn', async () => {
    const written = submission([jobOf(echo, 1, { seconds: 1 })], [jobOf(echo, 2, { seconds: 1 })]);
    const both = await Promise.all([0, 1].map(() => runArrayTask(written.folder, 0, never)));
    expect(both.sort()).toEqual(['done', 'taken']);
    expect(withdraw(written)).toBe(false);
    expect(await runArrayTask(written.folder, 1, never)).toBe('taken');
    expect(storeOf(written).isFinished(jobOf(echo, 2, { seconds: 1 }))).toBe(false);
  });

  it('reports what is finished already, and is not held up by the locks of dead nodes', async () => {
    const [before, locked] = [echoJob('before'), jobOf(count, { to: 3, ms: 1 }, { seconds: 1 })];
    const written = submission([before, locked]);
    const store = storeOf(written);
    store.finish(before, { result: { echo: 'kept' }, seconds: 1, machine: 'another' });
    for (const folder of [store.folderOf(locked), join(store.workFolderOf(locked), 'run')]) lockFromElsewhere(folder);
    expect(await runArrayTask(written.folder, 0, never)).toBe('done');
    expect(store.of(before).result).toEqual({ echo: 'kept' });
    expect(readReport(written, 0).finished).toEqual([before.key, locked.key]);
  });

  it('stops at SIGTERM with what is done kept, where its path has spaces, quotes and dollars', async () => {
    const job = jobOf(count, { to: 500, ms: 10 }, { seconds: 5 });
    const written = submission([job]);
    const env = { ...process.env, SLURM_ARRAY_TASK_ID: '0' };
    const script = join(written.folder, 'array.sh');
    const task = spawn('bash', [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    task.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const store = storeOf(written);
    const reached = (): number => Number(readFileSync(join(store.workFolderOf(job), 'at'), 'utf8'));
    await vi.waitFor(
      () => {
        expect(reached()).toBeGreaterThan(40);
      },
      { timeout: 30_000 },
    );
    task.kill('SIGTERM');
    const ended: unknown[] = await once(task, 'exit');
    expect([ended, said]).toEqual([[143, null], 'stopped\n']);
    const { end, shares } = readReport(written, 0);
    expect(end).toBe('stopped');
    expect(shares[job.key]).toBeGreaterThan(0);
    expect(store.isFinished(job)).toBe(false);
    expect(existsSync(join(store.folderOf(job), lockName))).toBe(false);
  });
});

describe('locks of machines that cannot be seen', () => {
  it('are removed in a folder and below it; those of processes that can be seen, and other files, stay', () => {
    const folder = join(base, 'locks');
    const [seen, below, odd] = ['', 'a/b', 'odd'].map((name) => join(folder, name)) as [string, string, string];
    const release = lockFolder(seen);
    lockFromElsewhere(below);
    mkdirSync(odd);
    writeFileSync(join(odd, lockName), 'no lock');
    writeFileSync(join(below, 'other'), '');
    dropUnseenLocks(folder);
    expect([seen, below, odd].map((one) => existsSync(join(one, lockName)))).toEqual([true, false, true]);
    expect(existsSync(join(below, 'other'))).toBe(true);
    release();
    dropUnseenLocks(join(base, 'nowhere'));
  });
});

describe('attempts', () => {
  it('are put together for so many seconds; those to be alone are', () => {
    const of = (...seconds: number[]) =>
      seconds.map((one, i) => firstAttempt(jobOf(echo, { i, one }, { seconds: one })));
    const lengths = (...[attempts, seconds]: Parameters<typeof chunksOf>) =>
      chunksOf(attempts, seconds).map(({ length }) => length);
    expect(lengths(of(30, 30, 30, 100, 1), 60)).toEqual([2, 2, 1]);
    expect(lengths(of(), 60)).toEqual([]);
    expect(lengths(of(...Array<number>(2500).fill(0)), 60)).toEqual([1000, 1000, 500]);
    expect(lengths(of(5, 5), 0)).toEqual([1, 1]);
    const [a, b, c] = of(1, 2, 3);
    expect(chunksOf([a!, { ...b!, isAlone: true }, c!], 60)).toEqual([[{ ...b!, isAlone: true }], [a, c]]);
  });

  it('count where they came no further than those before', () => {
    const first = firstAttempt(echoJob(1));
    const second = nextAttempt(first, 0.5, true);
    expect(second).toMatchObject({ before: 0, share: 0.5, isAlone: true });
    expect(nextAttempt(second, 0.505, false)).toMatchObject({ before: 1, share: 0.505, isAlone: false });
    expect(nextAttempt(second, 0.2, true)).toMatchObject({ before: 1, share: 0.5 });
  });
});
