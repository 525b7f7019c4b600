import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../src/errors.js';
import { isLockName } from '../../../src/files/lock-steps.js';
import { localEngine } from '../../../src/jobs/local/local-engine.js';
import { resultStore } from '../../../src/jobs/result-store.js';
import type { SweepDescription } from '../../../src/studies/sweep/description.js';
import { planSweep } from '../../../src/studies/sweep/plan.js';
import { readProgress } from '../../../src/studies/sweep/progress-file.js';
import { runSweep, type SweepOptions } from '../../../src/studies/sweep/run-sweep.js';
import { planOfFolder, sweepStatus } from '../../../src/studies/sweep/sweep-status.js';
import { readTable } from '../../../src/studies/sweep/table/index.js';
import { timeScale } from '../../../src/studies/sweep/time-scale.js';
import { writeTables } from '../../../src/studies/sweep/write-tables.js';
import { linesOf, toyCommand } from './toy-command.js';

const base = mkdtempSync(join(tmpdir(), 'run-sweep-'));
afterAll(() => {
  rmSync(base, { recursive: true });
});
const worker = new URL('./toy-sweep-worker.ts', import.meta.url);
const grid: SweepDescription = { command: 'toy', grid: [{ x: [1, 2] }, { y: [10, 20, 30] }], seeds: '1..3' };
const plan = (description: SweepDescription) => planSweep(description, [toyCommand]);
let folders = 0;

/** Runs a description in a folder, and says which runs were begun. */
async function run(
  description: SweepDescription,
  {
    out = join(base, String(folders++)),
    processes = 2,
    ...options
  }: Partial<SweepOptions> & { readonly processes?: number } = {},
) {
  const begun: string[] = [];
  const outcome = await runSweep(await plan(description), {
    out,
    engine: localEngine({ worker, processes, retries: 1 }),
    onStart: (left) => begun.push(...left.map(({ key }) => key)),
    ...options,
  });
  return { ...outcome, out, begun };
}
const tables = ['results.csv', 'results.parquet', 'summary.csv', 'differences.csv'];
const bytes = (out: string) => tables.map((name) => readFileSync(join(out, name)).toString('base64'));

describe('a sweep', () => {
  it('has one row for each record of each run, in the order of its grid, and summaries over the seeds', async () => {
    const { out, results, failures, begun } = await run(grid);
    expect([failures.size, begun.length, results.rows]).toEqual([0, 18, 36]);
    const lines = linesOf(join(out, 'results.csv'));
    expect(lines[0]).toBe('x,y,seed,step,value,run');
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join(' '))).toEqual(
      [1, 2].flatMap((x) =>
        [10, 20, 30].flatMap((y) => [1, 2, 3].flatMap((seed) => [0, 1].map((step) => [x, y, seed, step].join(' ')))),
      ),
    );
    expect(await readTable(join(out, 'results.parquet'))).toEqual(results);
    expect(linesOf(join(out, 'summary.csv'))).toHaveLength(1 + 2 * 3 * 2);
    expect(linesOf(join(out, 'runs.csv')).filter((line) => line.includes(',finished,'))).toHaveLength(18);
    expect(readProgress(out)).toMatchObject({ state: 'ended', total: 18, finished: 18, failed: 0, running: [] });
    expect(readdirSync(out).filter(isLockName)).toEqual([]);
  });

  it('has the same bytes with one process, after an interruption, and where a run killed its process', async () => {
    const slow: SweepDescription = { ...grid, base: { ms: 5 } };
    const one = await run(slow, { processes: 1 });
    const stop = new AbortController();
    const reason = new Error('enough');
    const half = join(base, 'half');
    const interrupted = run(slow, {
      out: half,
      signal: stop.signal,
      onProgress: ({ finished }) => {
        if (finished === 7) stop.abort(reason);
      },
    });
    await expect(interrupted).rejects.toBe(reason);
    expect(await sweepStatus(half, [toyCommand])).toMatchObject({ state: 'stopped', total: 18 });
    const rest = await run(slow, { out: half });
    expect(rest.begun.length).toBeLessThan(12);
    expect(rest.begun.length).toBeGreaterThan(8);
    expect(bytes(half)).toEqual(bytes(one.out));
    const killed = await run({ ...grid, base: { diesAt: join(base, 'died') } });
    expect(killed.failures.size).toBe(0);
    const values = (folder: string) => linesOf(join(folder, 'results.csv')).map((line) => line.split(',').slice(0, 5));
    expect(values(killed.out)).toEqual(values(one.out));
  });

  it('ends with the reason it was stopped for where its progress cannot be written', async () => {
    const out = join(base, 'refused');
    const [stop, reason] = [new AbortController(), new Error('enough')];
    const stopped = run(
      { ...grid, base: { ms: 50 } },
      {
        out,
        signal: stop.signal,
        onProgress({ finished }) {
          if (finished !== 2 || stop.signal.aborted) return;
          rmSync(join(out, 'progress.json'));
          mkdirSync(join(out, 'progress.json', 'in the way'), { recursive: true });
          stop.abort(reason);
        },
      },
    );
    await expect(stopped).rejects.toBe(reason);
  });

  it('does nothing twice: a wider grid runs what is new, a narrower one nothing', async () => {
    const { out } = await run(grid);
    const wider: SweepDescription = { ...grid, grid: [{ x: [1, 2, 3] }, { y: [10, 20, 30] }], seeds: '1..4' };
    expect((await run(wider, { out })).begun).toHaveLength(18);
    const wide = await run(wider);
    expect(bytes(out)).toEqual(bytes(wide.out));
    const narrow = await run({ ...grid, seeds: [2] }, { out });
    expect([narrow.begun, narrow.results.rows]).toEqual([[], 12]);
  });

  it.each([1, 18])('counts what others finished while it began: %d runs of 18', async (count) => {
    const store = resultStore((await run(grid)).out);
    const out = join(base, `meanwhile-${count}`);
    const onStart: SweepOptions['onStart'] = (left) => {
      for (const job of left.slice(0, count)) resultStore(out).finish(job, store.of(job));
    };
    await run(grid, { out, onStart });
    expect(readProgress(out)).toMatchObject({ state: 'ended', total: 18, finished: 18, failed: 0 });
  });

  it('names the runs that fail, does the others, and tries them again the next time', async () => {
    const failing: SweepDescription = { ...grid, base: { failsAt: 20 } };
    const { out, failures, results } = await run(failing);
    expect([...failures.values()].map(({ name, message }) => [name, message])).toEqual(
      Array.from({ length: 6 }, () => ['DataError', 'y is 20']),
    );
    expect(results.rows).toBe(24);
    expect(linesOf(join(out, 'runs.csv')).filter((line) => line.endsWith(',failed,,,1,y is 20'))).toHaveLength(6);
    const status = await sweepStatus(out, [toyCommand]);
    expect(status).toMatchObject({ state: 'ended', finished: 12, failed: 6 });
    expect(status.failures[0]).toMatchObject({ point: { x: 1, y: 20 }, message: 'y is 20' });
    expect((await run(failing, { out })).begun).toHaveLength(6);
  });

  it('can be looked at, and its tables written, from elsewhere while it runs', async () => {
    const out = join(base, 'watched');
    const looks: Promise<void>[] = [];
    await run(
      { ...grid, base: { ms: 400 } },
      {
        out,
        onProgress({ finished }) {
          if (finished !== 12 || looks.length > 0) return;
          looks.push(lookAt(out));
        },
      },
    );
    expect(looks).toHaveLength(1);
    await looks[0];
  });

  it('knows from finished runs how long the others take', async () => {
    const slow: SweepDescription = { ...grid, base: { ms: 20 } };
    const { out } = await run(slow);
    const scale = timeScale(await plan(slow), resultStore(out));
    expect(scale).toBeGreaterThan(4); // at least 2 × 20 ms where 10 were expected
    expect(timeScale(await plan(grid), resultStore(out))).toBe(1);
  });

  it('refuses a folder of something else, an altered result, and one that holds no sweep', async () => {
    const foreign = join(base, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.tex'), '');
    await expect(run(grid, { out: foreign })).rejects.toThrow(UsageError);
    expect(readdirSync(foreign)).toEqual(['thesis.tex']);
    await expect(sweepStatus(foreign)).rejects.toThrow(/is no folder of a sweep/);
    await expect(planOfFolder(foreign)).rejects.toThrow(/is no folder of a sweep/);
    const { out } = await run(grid);
    const altered = readdirSync(join(out, 'runs'))[0]!;
    const path = join(out, 'runs', altered, 'result.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d\./, '99.'));
    await expect(run(grid, { out })).rejects.toThrow(DataError);
  });
});

async function lookAt(out: string): Promise<void> {
  const status = await sweepStatus(out, [toyCommand]);
  expect(status.state).toBe('running');
  expect(status.running.map(({ point }) => Object.keys(point))).toContainEqual(['x', 'y', 'seed']);
  expect(status.finished).toBeGreaterThan(0);
  const { results } = writeTables(await planOfFolder(out, [toyCommand]), resultStore(out));
  expect(results.rows).toBeGreaterThanOrEqual(24);
  expect(results.rows).toBeLessThan(36);
}
