import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError } from '../../../src/errors.js';
import { resultStore, type ResultStore } from '../../../src/jobs/result-store.js';
import type { WorkContext } from '../../../src/jobs/work.js';
import type { SweepDescription } from '../../../src/studies/sweep/description.js';
import { sweepRows } from '../../../src/studies/sweep/gather.js';
import { planSweep, type SweepPlan } from '../../../src/studies/sweep/plan.js';
import type { Table } from '../../../src/studies/sweep/table.js';
import { rowKeys, tablesOf } from '../../../src/studies/sweep/write-tables.js';

const folder = mkdtempSync(join(tmpdir(), 'tiny-subspace-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Every run of a plan, here; no runtime is there. */
async function run({ command, runs }: SweepPlan, store: ResultStore): Promise<void> {
  for (const { job } of runs) {
    const context: WorkContext = {
      runtime: () => Promise.reject(new Error('no runtime is needed')),
      folder: store.workFolderOf(job),
      finished: () => {
        throw new Error('nothing comes before it');
      },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    };
    const result = await command.work.run(job.arguments as never, context);
    store.finish(job, { result, seconds: 1, machine: 'here' });
  }
}

async function swept(name: string, description: SweepDescription): Promise<Table> {
  const plan = await planSweep(description);
  const store = resultStore(join(folder, name));
  await run(plan, store);
  return sweepRows(plan, store);
}

const values = ({ columns }: Table, name: string) => columns.find((column) => column.name === name)?.values;
const names = ({ columns }: Table) => columns.map(({ name }) => name);
/** Cells have the type of their column, and all columns are as long. */
const isTidy = ({ columns, rows }: Table): boolean =>
  columns.every(
    ({ type, values: cells }) =>
      cells.length === rows &&
      cells.every((cell) => cell === null || (type === 'integer' ? Number.isInteger(cell) : typeof cell === type)),
  );

const plain = { model: 'softmax', backend: 'plain', top: 4, steps: 20, measureEvery: 10 };

describe('the table of a sweep', () => {
  it('has a row for each record of train, with bounds, provenance and the exact counterpart', async () => {
    const table = await swept('train', {
      base: { ...plain, bias: false, init: 'zeros', data: 'mixture:3,6,0.4,10000' },
      grid: [{ lr: [0.05] }, { batch: ['all', 500] }],
    });
    expect(isTidy(table)).toBe(true);
    expect(table.rows).toBe(6);
    expect(names(table).slice(0, 5)).toEqual(['lr', 'batch', 'seed', 'step', 'time']);
    expect(names(table)).toEqual(
      expect.arrayContaining(['topFraction.lower', 'topFraction.upper', 'exact.loss', 'run']),
    );
    expect(values(table, 'step')).toEqual([0, 10, 20, 0, 10, 20]);
    expect(values(table, 'batch')).toEqual([null, null, null, 500, 500, 500]);
    expect(new Set(values(table, 'model'))).toEqual(new Set(['softmax']));
    expect(new Set(values(table, 'run')).size).toBe(2);
    const [lower, estimate, upper] = ['lower', 'estimate', 'upper'].map((end) => values(table, `topFraction.${end}`)!);
    expect(estimate!.every((f, i) => lower![i]! <= f! && f! <= upper![i]!)).toBe(true);
    for (const name of ['loss', 'gradientNorm', 'largestEigenvalue', 'eigenvalueAtCut']) {
      const [measured, exact] = [values(table, name)!, values(table, `exact.${name}`)!];
      measured.forEach((x, i) => {
        expect(Math.abs((x as number) / (exact[i] as number) - 1)).toBeLessThan(0.04); // 1/√n and η
      });
    }
  });

  it('has an exact counterpart with biases too, and none where the flow is another', async () => {
    const base = { ...plain, data: 'mixture:3,6,0,300', lr: 0.01 };
    const table = await swept('bias', {
      base,
      grid: [
        {
          list: [
            { init: 'zeros' },
            { init: 'zeros', optimizer: 'adam' },
            { init: 'zeros', 'data.randomLabels': true },
            { init: 'he-normal' },
          ],
        },
      ],
    });
    const [measured, exact] = [values(table, 'loss')!, values(table, 'exact.loss')!];
    expect(exact.map((x) => x === null)).toEqual(Array.from({ length: 12 }, (_, i) => i >= 3));
    measured.slice(0, 3).forEach((x, i) => {
      expect(Math.abs((x as number) - (exact[i] as number))).toBeLessThan(2e-3);
    });
  });

  it('joins theory with measurement on the axes', async () => {
    const grid = [{ noise: [0.3, 0.5] }];
    const [measured, solved] = await Promise.all([
      swept('measured', {
        base: { ...plain, bias: false, init: 'zeros', data: 'mixture:3,6,{noise},500', lr: 0.1 },
        grid,
      }),
      swept('solved', { command: 'solve', base: { classes: 3, dim: 6, times: [0, 1, 2] }, grid }),
    ]);
    expect(values(measured, 'noise')).toEqual(values(solved, 'noise'));
    values(solved, 'loss')!.forEach((loss, i) => {
      expect(values(measured, 'exact.loss')![i]).toBeCloseTo(loss as number, 13); // the time is a sum of rates
    });
  });

  it.each<[SweepDescription, number, readonly string[]]>([
    [
      { command: 'solve', base: { sgdNoise: '0.5/16', dim: 10 }, grid: [{ noise: [0, 0.3] }, { times: ['1,10', 5] }] },
      6,
      ['time', 'noise.overlap'],
    ],
    [
      { command: 'solve', base: { dim: 10, init: 'random:0.01', draws: 4, times: [1] }, seeds: [1, 2] },
      2,
      ['loss.q50'],
    ],
    [{ command: 'solve', base: { noise: 0.3, dim: 10 }, grid: [{ margin: [1, 2] }] }, 2, ['margin', 'result.margin']],
    [{ command: 'boundary', grid: [{ classes: [2, 3] }, { rho: ['etf'] }] }, 2, ['crossedBy']],
    [{ command: 'response', base: { noise: 0, draws: 20, times: [1, 10] }, grid: [{ delta: [0.01] }] }, 2, ['opens']],
    [{ command: 'simulate', base: { steps: 20, every: 10, method: 'gd' }, grid: [{ lr: [1, 2] }] }, 6, ['stability']],
    [
      {
        command: 'simulate',
        base: { classes: 2, dim: 2, noise: 0.4, margin: 0, lr: 0.5, batch: 8, steps: 2, every: 2 },
        grid: [{ runs: [2] }],
      },
      6,
      ['quantity', 'z'],
    ],
  ])('has tidy rows of %j', async (description, rows, columns) => {
    const table = await swept(`exact-${JSON.stringify(description).length}`, description);
    expect(isTidy(table)).toBe(true);
    expect(table.rows).toBe(rows);
    expect(names(table)).toEqual(expect.arrayContaining([...columns]));
    expect(new Set(names(table)).size).toBe(names(table).length);
  });

  it('tells the rows of a run apart by its own columns, also where an axis is called as one', async () => {
    const plan = await planSweep({ command: 'solve', base: { noise: 0.3 }, grid: [{ margin: ['20,30', 1] }] });
    expect(rowKeys(tablesOf(plan, { find: () => undefined }).results, plan)).toEqual(['time', 'result.margin']);
  });

  it('holds what is finished, in the order of the plan', async () => {
    const plan = await planSweep({ command: 'boundary', grid: [{ noise: [0.2, 0.3, 0.4] }] });
    const store = resultStore(join(folder, 'part'));
    expect(sweepRows(plan, store).rows).toBe(0);
    await run({ ...plan, runs: [plan.runs[2]!, plan.runs[0]!] }, store);
    expect(values(sweepRows(plan, store), 'noise')).toEqual([0.2, 0.4]);
  });

  it('refuses to run on other files than it was planned with', async () => {
    const file = join(folder, 'data.csv');
    writeFileSync(file, '1,2,0\n2,1,1\n0,1,0\n');
    const plan = await planSweep({ base: { ...plain, data: `csv:${file}` }, grid: [{ batch: [2] }] });
    writeFileSync(file, '1,2,0\n2,1,1\n0,1,1\n');
    const altered = run(plan, resultStore(join(folder, 'altered')));
    await expect(altered).rejects.toThrow(DataError);
    await expect(altered).rejects.toThrow(/other files here than where the run was planned/);
  });
});
