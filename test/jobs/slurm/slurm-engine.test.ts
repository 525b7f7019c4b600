import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../../src/errors.js';
import { crash, type Failure } from '../../../src/jobs/failure.js';
import { jobOf, type Job } from '../../../src/jobs/job.js';
import { resultStore, type ResultStore } from '../../../src/jobs/result-store.js';
import { runJobs, type RunJobsOptions } from '../../../src/jobs/run-jobs.js';
import { slurmEngine, type SlurmOptions } from '../../../src/jobs/slurm/slurm-engine.js';
import { attemptsOf, readSubmission, takeSlot, writeSubmission } from '../../../src/jobs/slurm/submission.js';
import { noReport, writeReport, type TaskReport } from '../../../src/jobs/slurm/task-report.js';
import { firstAttempt } from '../../../src/jobs/slurm/attempt.js';
import { echo, sum } from '../toy-works.js';
import { fakeSlurm, type FakeSlurm } from './fake-slurm.js';

const base = mkdtempSync(join(tmpdir(), 'slurm-engine-'));
let folders = 0;
let slurm: FakeSlurm;
let store: ResultStore;
beforeEach(() => {
  slurm = fakeSlurm();
  store = resultStore(join(base, `it's "${folders++}"`));
});
afterEach(() => {
  slurm.remove();
});
afterAll(() => {
  rmSync(base, { recursive: true });
});

const worker = new URL('../toy-worker.ts', import.meta.url);
const jobs = (n: number, seconds = 60): Job[] => Array.from({ length: n }, (_, i) => jobOf(echo, i, { seconds }));
const engine = (options: Partial<SlurmOptions> = {}) =>
  slurmEngine({ worker, pollSeconds: 0.02, settleSeconds: 0.1, ...options });

/** A driver at work, and what it told. */
function driver(work: readonly Job[], options: Partial<SlurmOptions & RunJobsOptions> = {}) {
  const stop = new AbortController();
  const [ended, notices]: [string[], string[]] = [[], []];
  const shares = new Map<string, number>();
  const done = runJobs(work, {
    store,
    engine: engine(options),
    signal: stop.signal,
    onEnd: ({ key }) => ended.push(key),
    onNotice: (text) => notices.push(text),
    onProgress({ running: now }) {
      for (const [{ key }, share] of now) shares.set(key, share);
    },
  });
  done.catch(() => undefined); // awaited later
  const stopped = (): Promise<unknown> => {
    stop.abort(new Error('enough'));
    return done.catch((error: unknown) => error);
  };
  return { done, ended, notices, shares, stopped };
}

const until = <T>(condition: () => T): Promise<T> => vi.waitFor(condition, { timeout: 10_000, interval: 5 });
/** The folder of an array, once it is submitted. */
const submitted = (array: number): Promise<string> =>
  until(() => {
    const folder = slurm.arrays().get(String(array));
    expect(folder).toBeDefined();
    expect(existsSync(join(folder!, 'number'))).toBe(true);
    return folder!;
  });
const keysOf = (folder: string, index = 0): string[] =>
  attemptsOf(readSubmission(folder), index).map(({ job }) => job.key);
const finish = (...keys: string[]): void => {
  for (const key of keys) store.finish({ key }, { result: { echo: key }, seconds: 1, machine: 'a node' });
};
const report = (folder: string, index: number, told: Partial<TaskReport>): void => {
  writeReport(readSubmission(folder), index, { ...noReport, ...told });
};
/** A task that does all it is to do. */
const succeed = (folder: string, array: number, index = 0): void => {
  const keys = keysOf(folder, index);
  finish(...keys);
  report(folder, index, { finished: keys, end: 'done' });
  slurm.set(`${array}_${index}`, 'COMPLETED');
};
const death = crash('its process ended by SIGKILL', 1);

describe('the start on a cluster', () => {
  const refused = async (options: Partial<SlurmOptions>, words: RegExp): Promise<void> => {
    const error: unknown = await driver(jobs(1), options).done.catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(words);
    expect(existsSync(store.path)).toBe(false);
  };

  it('needs the commands of Slurm', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await refused({}, /^sbatch cannot be run \(.*ENOENT\): work on a machine from which jobs are submitted/);
  });

  it('needs a controller that answers, and takes arrays', async () => {
    slurm.write('down', 'slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)\n');
    await refused({}, /^Slurm does not answer: slurm_load.*connect failure\); try again/);
    slurm.up();
    slurm.write('config', 'MaxArraySize = 1\n');
    await refused({}, /takes no job arrays/);
  });

  it.each([
    ['main', /'main' is no option of sbatch/],
    ['--array=1-2', /--array=1-2 is set by the engine itself/],
    ['-a1-2', /-a1-2 is set by the engine itself/],
    ['--job-name=x', /is set by the engine itself/],
    ['--clusters=b', /SLURM_CLUSTERS/],
  ])('refuses %s as an option', async (option, words) => {
    await refused({ options: [option] }, words);
  });

  it('refuses a folder in whose path Slurm would replace something', async () => {
    store = resultStore(join(base, '50%'));
    await refused({}, /choose a folder without %, \\ and line ends/);
  });

  it.each([
    ['exec {command}\n', /no batch script, its first line is no #!; begin with this one:\n#!\/bin\/bash\n/],
    ['#!/bin/bash\n# {command}\n', /never runs \{command\}/],
    ['#!/bin/bash\r\nexec {command}\r\n', /line ends of Windows/],
  ])('refuses the template %j', async (text, words) => {
    const template = join(base, 'template.sh');
    writeFileSync(template, text);
    await refused({ template }, words);
  });
});

describe('a submission', () => {
  it('is complete before Slurm hears of it, with the options of the user before those of the engine', async () => {
    const template = join(base, 'own.sh');
    writeFileSync(template, '#!/bin/sh\n#SBATCH -c {processors}\nmodule load nodejs\nexec {command}\n');
    const { done } = driver(jobs(3), { options: ['--partition=main'], maxTasks: 2, processesPerTask: 1, template });
    const folder = await submitted(100);
    expect(readFileSync(join(slurm.folder, 'at-sbatch'), 'utf8').trim().split('\n')).toEqual([
      'array.sh',
      'jobs.jsonl',
      'logs',
      'reports',
      'slots',
      'submission.json',
    ]);
    const [call] = slurm.calls('sbatch');
    expect(call).toMatch(
      /^sbatch --parsable --partition=main --no-requeue --array=0-2%2 --job-name=tiny-subspace-[0-9a-f]{16} --output=.*\/slurm\/1\/logs\/%a\.log .*\/slurm\/1\/array\.sh$/,
    );
    expect(readFileSync(join(folder, 'number'), 'utf8')).toBe('100\n');
    const script = readFileSync(join(folder, 'array.sh'), 'utf8').split('\n');
    expect(script.slice(0, 3)).toEqual(['#!/bin/sh', '#SBATCH -c 1', 'module load nodejs']);
    expect(script[3]).toMatch(
      /^exec '.*node' .*array-task\.ts' '.*\/it'\\''s "\d+"\/slurm\/1' "\$SLURM_ARRAY_TASK_ID"$/,
    );
    for (const i of [0, 1, 2]) succeed(folder, 100, i);
    expect(await done).toEqual(new Map());
  });

  it('puts jobs of a minute or more into a task, and as many tasks into an array as Slurm takes', async () => {
    slurm.write('config', 'MaxArraySize = 2\nAccountingStorageType = accounting_storage/none\n');
    const { done, ended } = driver(jobs(10, 25));
    const [first, second] = [await submitted(100), await submitted(101)];
    const all = jobs(10, 25).map(({ key }) => key);
    expect([keysOf(first, 0), keysOf(first, 1)]).toEqual([all.slice(0, 3), all.slice(3, 6)]);
    expect([keysOf(second, 0), keysOf(second, 1)]).toEqual([all.slice(6, 9), all.slice(9)]);
    for (const i of [0, 1]) succeed(first, 100, i);
    for (const i of [0, 1]) succeed(second, 101, i);
    expect(await done).toEqual(new Map());
    expect(ended.sort()).toEqual(all.sort());
  });

  it('of jobs that come after others waits for them', async () => {
    const before = jobs(2);
    const after = jobOf(sum, { of: before.map(({ key }) => key) }, { after: before, seconds: 1 });
    const { done } = driver([after]);
    const first = await submitted(100);
    expect([...keysOf(first, 0), ...keysOf(first, 1)]).toEqual(before.map(({ key }) => key));
    for (const i of [0, 1]) succeed(first, 100, i);
    const second = await submitted(101);
    expect(attemptsOf(readSubmission(second), 0)).toMatchObject([{ before: 0, job: { key: after.key, after: [] } }]);
    succeed(second, 101);
    expect(await done).toEqual(new Map());
  });
});

describe('a job', () => {
  it('is finished when its result is there, and tells how far it is before', async () => {
    const { done, ended, shares } = driver(jobs(2, 30));
    const folder = await submitted(100);
    const [a, b] = keysOf(folder) as [string, string];
    slurm.set('100_0', 'RUNNING');
    report(folder, 0, { shares: { [a]: 0.25 } });
    await until(() => {
      expect(shares.get(a)).toBe(0.25);
    });
    report(folder, 0, { shares: { [a]: 0.9, [b]: 0.5 }, finished: [a] });
    await until(() => {
      expect(shares.get(b)).toBe(0.5);
    });
    expect(ended).toEqual([]); // it says so, and nothing is seen of it
    finish(a);
    await until(() => {
      expect(ended).toEqual([a]);
    });
    finish(b);
    slurm.set('100_0', 'FAILED', 9); // after its last result
    expect(await done).toEqual(new Map());
    expect(ended).toEqual([a, b]);
    expect(slurm.calls('sbatch').length).toBe(1);
  });

  it('that fails with an error of its own is not tried again', async () => {
    const { done } = driver(jobs(1));
    const folder = await submitted(100);
    const failure: Failure = { name: 'DataError', exitCode: 3, message: 'no such data', attempts: 1 };
    report(folder, 0, { failures: { [keysOf(folder)[0]!]: failure }, end: 'done' });
    slurm.set('100_0', 'COMPLETED');
    expect([...(await done).values()]).toEqual([failure]);
  });

  it('whose process died is tried again, alone, while its task goes on, and fails in the end as it did', async () => {
    const { done, ended } = driver(jobs(3, 20), { retries: 1 });
    const first = await submitted(100);
    const [a, b, c] = keysOf(first) as [string, string, string];
    slurm.set('100_0', 'RUNNING');
    finish(a);
    report(first, 0, { shares: { [a]: 0, [b]: 0, [c]: 0 }, finished: [a], failures: { [b]: death } });
    const second = await submitted(101);
    expect(attemptsOf(readSubmission(second), 0)).toMatchObject([{ job: { key: b }, before: 1, isAlone: true }]);
    succeed(first, 100);
    rmSync(join(store.folderOf({ key: b }), 'result.json'));
    report(second, 0, { shares: { [b]: 0 }, failures: { [b]: death }, end: 'done' });
    slurm.set('101_0', 'COMPLETED');
    expect(await done).toEqual(new Map([[b, { ...death, attempts: 2 }]]));
    expect(ended.sort()).toEqual([a, b, c].sort());
  });
});

describe('a task that is gone', () => {
  it('has lost what has no result: what was begun is tried again, alone, the rest together, and what Slurm says is told', async () => {
    const { done } = driver(jobs(4, 15), { retries: 1 });
    const first = await submitted(100);
    const [a, b, c, d] = keysOf(first) as [string, string, string, string];
    finish(a);
    report(first, 0, { shares: { [a]: 1, [b]: 0 }, finished: [a] });
    slurm.set('100_0', 'OUT_OF_MEMORY', 9);
    const second = await submitted(101);
    const attempts = [0, 1].map((i) => attemptsOf(readSubmission(second), i));
    expect(attempts).toMatchObject([
      [{ job: { key: b }, before: 1 }],
      [
        { job: { key: c }, before: 0 },
        { job: { key: d }, before: 0 },
      ],
    ]);
    writeFileSync(join(second, 'logs/0.log'), Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join(''));
    report(second, 0, { shares: { [b]: 0 } });
    slurm.set('101_0', 'OUT_OF_MEMORY', 9);
    succeed(second, 101, 1);
    const failures = await done;
    expect(failures.get(b)).toEqual({
      name: 'crash',
      exitCode: 2,
      attempts: 2,
      message:
        'array task 101_0 ended without a result: OUT_OF_MEMORY, exit code 0:9; ask for more memory (--mem)\n' +
        `the end of ${second}/logs/0.log:\n${[12, 13, 14, 15, 16, 17, 18, 19].map((i) => `line ${i}`).join('\n')}`,
    });
    expect(failures.size).toBe(1);
  });

  it('counts as a try of all its jobs where it began none, for instance because there is no such program', async () => {
    const { done } = driver(jobs(2, 20), { retries: 0 });
    const folder = await submitted(100);
    slurm.set('100_0', 'FAILED', 127 << 8);
    const messages = Array.from((await done).values(), ({ message }) => message);
    expect(messages).toEqual(
      Array(2).fill(
        `array task 100_0 ended without a result: FAILED, exit code 127:0\n${folder}/logs/0.log is empty or missing`,
      ),
    );
  });

  it.each([
    ['TIMEOUT', /TIMEOUT, exit code 0:15; ask for more time \(--time\)/],
    ['CANCELLED', /CANCELLED, exit code 0:15; somebody took it back/],
    ['NODE_FAIL', /NODE_FAIL, exit code 0:15\n/],
  ])('tells of %s', async (state, words) => {
    const { done } = driver(jobs(1), { retries: 0 });
    await submitted(100);
    slurm.set('100_0', state, 15);
    expect([...(await done).values()][0]!.message).toMatch(words);
  });

  it('has its results looked for some seconds more: a shared file system may be slow to show them', async () => {
    const { done } = driver(jobs(1), { settleSeconds: 0.6 });
    const folder = await submitted(100);
    const polls = slurm.calls('squeue').length;
    report(folder, 0, { finished: keysOf(folder), end: 'done' });
    slurm.set('100_0', 'COMPLETED');
    await until(() => {
      expect(slurm.calls('squeue').length).toBeGreaterThan(polls + 3);
    });
    finish(...keysOf(folder));
    expect(await done).toEqual(new Map());
    expect(slurm.calls('sbatch').length).toBe(1);
  });

  it('is alive as long as it reports, whatever the controller has forgotten', async () => {
    const { done } = driver(jobs(1), { settleSeconds: 0.4 });
    const folder = await submitted(100);
    slurm.forget('100_0');
    for (let count = 1; count <= 10; count++) {
      report(folder, 0, { count, shares: { [keysOf(folder)[0]!]: 0 } });
      await pause(100);
    }
    expect(slurm.calls('sbatch').length).toBe(1);
    finish(...keysOf(folder));
    expect(await done).toEqual(new Map());
  });

  it('is asked after in the accounting where the controller has forgotten it', async () => {
    slurm.write('config', 'MaxArraySize = 1001\nAccountingStorageType = accounting_storage/slurmdbd\n');
    slurm.write('sacct', 'NODE_FAIL|1:0\n');
    const { done } = driver(jobs(1), { retries: 0 });
    await submitted(100);
    slurm.forget('100_0');
    expect([...(await done).values()][0]!.message).toContain(
      'array task 100_0 ended without a result: NODE_FAIL, exit code 1:0',
    );
    expect(slurm.calls('sacct')).toEqual([
      'sacct --noheader --parsable2 --allocations --format=State,ExitCode --jobs=100_0',
    ]);
  });

  it('is no failed try where the job came further than before: it goes on from there', async () => {
    const { done } = driver(jobs(1), { retries: 1 });
    const [key] = jobs(1).map((job) => job.key);
    for (const [i, share] of [0.3, 0.6, 0.6, 0.605].entries()) {
      const folder = await submitted(100 + i);
      report(folder, 0, { shares: { [key!]: share }, end: 'stopped' });
      slurm.set(`${100 + i}_0`, 'TIMEOUT', 15);
    }
    expect((await done).get(key!)).toMatchObject({ name: 'crash', attempts: 2 });
    const counts = [0, 1, 2, 3].map(
      (i) => attemptsOf(readSubmission(slurm.arrays().get(String(100 + i))!), 0)[0]!.before,
    );
    expect(counts).toEqual([0, 0, 0, 1]);
  });
});

describe('a controller that does not answer', () => {
  it('is asked again; results are seen meanwhile, and nothing is submitted twice', async () => {
    const { done, notices, ended } = driver(jobs(2));
    const folder = await submitted(100);
    for (const i of [0, 1]) slurm.set(`100_${i}`, 'RUNNING');
    slurm.write('down', 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n');
    const [a] = keysOf(folder, 0);
    finish(a!);
    report(folder, 0, { finished: [a!], end: 'done' });
    await until(() => {
      expect(ended).toEqual([a]);
    });
    expect(notices.map((text) => text.slice(0, 60))).toEqual([
      'Slurm cannot be reached, or takes nothing now (slurm_load_jo',
    ]);
    slurm.up();
    await until(() => {
      expect(notices[1]).toBe('Slurm answers again');
    });
    succeed(folder, 100, 1);
    expect(await done).toEqual(new Map());
    expect(slurm.calls('sbatch').length).toBe(1);
  });

  it('may have taken an array whose number was not heard: it is looked for before it is submitted again', async () => {
    slurm.write('answer-1', 'lost: Batch job submission failed: Socket timed out on send/recv operation');
    const { done } = driver(jobs(1));
    const folder = await submitted(100);
    expect(readFileSync(join(folder, 'number'), 'utf8')).toBe('100\n');
    expect(slurm.calls('sbatch').length).toBe(1);
    succeed(folder, 100);
    expect(await done).toEqual(new Map());
  });

  it('may be busy: the array is submitted again', async () => {
    slurm.write('answer-1', 'Slurm temporarily unable to accept job');
    const { done, notices } = driver(jobs(1));
    const folder = await submitted(100);
    expect(slurm.calls('sbatch').length).toBe(2);
    expect(notices[0]).toContain('Slurm temporarily unable to accept job');
    succeed(folder, 100);
    expect(await done).toEqual(new Map());
    expect(slurm.arrays().size).toBe(1);
  });

  it('may refuse an array for good', async () => {
    slurm.write('answer-1', 'Batch job submission failed: Invalid partition name specified');
    const error: unknown = await driver(jobs(1)).done.catch((one: unknown) => one);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(
      /^sbatch refuses .*array\.sh: .*Invalid partition name specified; pass other options/,
    );
  });

  it('may take no more tasks than so many at a time: the next array waits for those there are, and fails where there are none', async () => {
    slurm.write('config', 'MaxArraySize = 2\nAccountingStorageType = (null)\n');
    const limit =
      'QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy';
    slurm.write('answer-2', limit);
    const { done, notices } = driver(jobs(3));
    const [first, second] = [await submitted(100), await submitted(101)];
    expect(notices).toEqual([expect.stringContaining('QOSMaxSubmitJobPerUserLimit'), 'Slurm answers again']);
    for (const i of [0, 1]) succeed(first, 100, i);
    succeed(second, 101);
    expect(await done).toEqual(new Map());
    store = resultStore(join(base, `limit ${folders++}`));
    slurm.write('answer-4', limit);
    await expect(driver(jobs(1)).done).rejects.toThrow('fewer tasks, of more seconds each, may be within the limit');
  });
});

describe('a driver that was killed', () => {
  /** What a driver leaves that is killed once an array is submitted: no event of it matters any more. */
  const leave = (tasks: readonly (readonly Job[])[], before = 0): string =>
    writeSubmission(
      store.path,
      tasks.map((some) => some.map((job) => ({ ...firstAttempt(job), before }))),
      { name: `tiny-subspace-${folders++}`, worker: worker.href, processes: 1 },
      () => '#!/bin/sh\n',
    ).folder;
  const arrive = (folder: string): void => {
    const { name, offsets } = readSubmission(folder);
    slurm.accept(100, folder, name, offsets.length - 1);
  };

  it('is followed by one that finds its arrays, with the tries that were counted', async () => {
    const [a, b, c] = jobs(3) as [Job, Job, Job];
    const folder = leave([[a], [b]], 1);
    arrive(folder);
    writeFileSync(join(folder, 'number'), '100\n');
    slurm.set('100_0', 'RUNNING');
    const { done, notices, ended } = driver([a, b, c], { retries: 1 });
    const second = await submitted(101);
    expect(keysOf(second)).toEqual([c.key]);
    expect(notices).toEqual(["2 array tasks of an earlier start are in Slurm's queue, and are followed on"]);
    succeed(folder, 100, 0);
    slurm.set('100_1', 'FAILED', 256);
    succeed(second, 101);
    expect([...(await done)].map(([key, { attempts }]) => [key, attempts])).toEqual([[b.key, 2]]);
    expect(ended.sort()).toEqual([a.key, b.key, c.key].sort());
    expect(slurm.calls('sbatch').length).toBe(1);
  });

  it('before it kept the number: the array is found by its name', async () => {
    const folder = leave([jobs(1)]);
    arrive(folder);
    const { done } = driver(jobs(1));
    await until(() => {
      expect(slurm.calls('squeue').length).toBeGreaterThan(2);
    });
    succeed(folder, 100);
    expect(await done).toEqual(new Map());
    expect(slurm.calls('sbatch')).toEqual([]);
  });

  it('before Slurm had the array: its tasks are taken, so that they do nothing should it come', async () => {
    const folder = leave([jobs(1)]);
    const { done } = driver(jobs(1));
    const second = await submitted(100);
    expect(takeSlot(readSubmission(folder), 0)).toBe(false);
    expect(readFileSync(join(folder, 'number'), 'utf8')).toBe('none\n');
    expect(takeSlot(readSubmission(second), 0)).toBe(true);
    succeed(second, 100);
    expect(await done).toEqual(new Map());
    slurm.accept(101, folder, readSubmission(folder).name, 1); // it comes late, and waits
    rmSync(join(store.folderOf(jobs(1)[0]!), 'result.json'));
    const again = driver(jobs(1));
    succeed(await submitted(102), 102);
    expect(await again.done).toEqual(new Map());
    expect(again.notices).toEqual([]);
  });

  it('while its array arrived and began: it is followed, and not submitted again', async () => {
    const folder = leave([jobs(1)]);
    takeSlot(readSubmission(folder), 0); // after the queue was looked at
    const { done, ended } = driver(jobs(1), { settleSeconds: 60 });
    await until(() => {
      expect(slurm.calls('squeue').length).toBeGreaterThan(2);
    });
    expect(slurm.calls('sbatch')).toEqual([]);
    arrive(folder);
    succeed(folder, 100);
    expect(await done).toEqual(new Map());
    expect(ended.length).toBe(1);
  });

  it('in the middle of a submission leaves what is passed over', async () => {
    const folder = leave([jobs(1)]);
    rmSync(join(folder, 'submission.json'));
    const { done } = driver(jobs(1));
    const second = await submitted(100);
    expect(second).toMatch(/\/slurm\/2$/);
    succeed(second, 100);
    expect(await done).toEqual(new Map());
  });

  it('leaves tasks that nobody waits for: at the end they are taken back', async () => {
    const [a, b] = jobs(2) as [Job, Job];
    const folder = leave([[a], [b]]);
    arrive(folder);
    writeFileSync(join(folder, 'number'), '100\n');
    slurm.set('100_0', 'RUNNING');
    const { done } = driver([a]);
    await until(() => {
      expect(slurm.calls('squeue').length).toBeGreaterThan(1);
    });
    succeed(folder, 100, 0);
    expect(await done).toEqual(new Map());
    expect(slurm.states()).toEqual({ '100_0': 'COMPLETED', '100_1': 'CANCELLED' });
  });
});

describe('to stop', () => {
  it('takes back what waits, ends what runs by SIGTERM, and waits until nothing is left', async () => {
    const { stopped, ended } = driver(jobs(2));
    const folder = await submitted(100);
    slurm.set('100_0', 'RUNNING');
    expect(await stopped()).toEqual(new Error('enough'));
    expect(slurm.states()).toEqual({ '100_0': 'FAILED', '100_1': 'CANCELLED' });
    expect(slurm.calls('scancel').slice(0, 2)).toEqual([
      'scancel --quiet --state=PENDING 100',
      'scancel --quiet --state=RUNNING --signal=TERM --batch 100',
    ]);
    expect(ended).toEqual([]);
    const { done } = driver(jobs(2));
    const second = await submitted(101);
    expect(second).not.toBe(folder);
    for (const i of [0, 1]) succeed(second, 101, i);
    expect(await done).toEqual(new Map());
  });

  it('withdraws what Slurm could not take yet', async () => {
    const { stopped, notices } = driver(jobs(1));
    for (let i = 1; i < 100; i++) slurm.write(`answer-${i}`, 'Slurm temporarily unable to accept job');
    await until(() => {
      expect(notices.length).toBe(1);
    });
    expect(await stopped()).toEqual(new Error('enough'));
    const [folder] = readdirSync(join(store.path, 'slurm'));
    expect(readFileSync(join(store.path, 'slurm', folder!, 'number'), 'utf8')).toBe('none\n');
  });
});
