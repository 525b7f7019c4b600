import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import { batchMeans } from '../../../../src/numeric/statistics/batch-means.js';
import {
  joinTables,
  lateMeans,
  pairedDifferences,
  summarise,
  tableParquet,
  type Cell,
  type Table,
} from '../../../../src/studies/sweep/table/index.js';
import { cells, tableOf, wave } from './tables.js';

/** Runs of 2 rates × 3 batches × 4 seeds with 5 records, some without a value, one run shorter than the others. */
const points = [0.05, 0.1].flatMap((lr) =>
  [16, 64, null].flatMap((batch) =>
    [1, 2, 3, 4].flatMap((seed) =>
      [0, 10, 20, 30, 40]
        .filter((step) => !(seed === 2 && lr === 0.1 && step > 20))
        .map((step) => ({ lr, batch, seed, step })),
    ),
  ),
);
const runs = tableOf({
  'lr:number': points.map(({ lr }) => lr),
  'batch:integer': points.map(({ batch }) => batch),
  'seed:integer': points.map(({ seed }) => seed),
  'step:integer': points.map(({ step }) => step),
  'model:string': points.map(() => 'mlp:20'),
  'loss:number': wave(points.length, 1).map((x, i) => (i % 11 === 0 ? null : x)),
  'rank:integer': wave(points.length, 2).map((x) => Math.round(10 * x)),
});
const grouping = { axes: ['lr', 'batch'], seed: 'seed', by: ['step'] };

/** The rows of a table, without columns that are not named. */
const rowsOf = (table: Table, names: readonly string[]): Cell[][] =>
  Array.from({ length: table.rows }, (_, row) => names.map((name) => cells(table, name)[row]!));
const namesOf = ({ columns }: Table): string[] => columns.map(({ name }) => name);

let folder: string;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
  writeFileSync(join(folder, 'runs.parquet'), tableParquet(runs));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(`CREATE VIEW runs AS SELECT * FROM '${join(folder, 'runs.parquet')}'`);
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(folder, { recursive: true });
});

/** What SQL makes of the same runs, an independent path: integers as numbers, NaN and null as null. */
async function bySql(sql: string): Promise<Cell[][]> {
  const found = (await duckdb.runAndReadAll(sql)).getRowsJS();
  return found.map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : (cell as Cell))));
}

function expectClose(found: readonly Cell[][], expected: readonly Cell[][]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((row, i) => {
    row.forEach((cell, j) => {
      const other = expected[i]![j]!;
      if (typeof cell === 'number' && typeof other === 'number') expect(Math.abs(cell - other)).toBeLessThan(1e-13);
      else expect([i, j, cell]).toEqual([i, j, other]);
    });
  });
}

describe('a summary over seeds', () => {
  it('is that of SQL', async () => {
    const statistics = ['loss', 'rank'].map(
      (name) => `avg(${name}), stddev_samp(${name}), stddev_samp(${name})/sqrt(count(${name})), count(${name})`,
    );
    const expected = await bySql(
      `SELECT lr, batch, step, ${statistics.join(', ')} FROM runs GROUP BY lr, batch, step ORDER BY lr, batch NULLS LAST, step`,
    );
    const found = summarise(runs, grouping);
    expect(namesOf(found)).toEqual([
      'lr',
      'batch',
      'step',
      ...['loss', 'rank'].flatMap((name) => ['mean', 'sd', 'se', 'n'].map((of) => `${name}.${of}`)),
    ]);
    expect(found.rows).toBe(30);
    expectClose(rowsOf(found, namesOf(found)), expected);
    expect(found.columns.find(({ name }) => name === 'loss.se')!.meaning).toBe(
      'meaning of loss: standard error of the mean over seeds, sd/√n',
    );
  });

  it('is empty where there are too few values', () => {
    const table = tableOf({
      'b:integer': [1, 1, 2, 2],
      's:integer': [1, 2, 1, 2],
      'x:number': [1, null, null, null],
      'y:number': [1, 3, 2, 2],
    });
    const found = summarise(table, { axes: ['b'], seed: 's' });
    expect(rowsOf(found, namesOf(found))).toEqual([
      [1, 1, null, null, 1, 2, Math.SQRT2, 1, 2],
      [2, null, null, null, 0, 2, 0, 0, 2],
    ]);
  });

  it('can be written and read like any table', () => {
    expect(() => tableParquet(summarise(runs, grouping))).not.toThrow();
  });

  it('is refused where a seed comes twice, or a column is none', () => {
    const twice = (): Table => summarise(runs, { axes: ['lr', 'batch'], seed: 'seed' });
    expect(twice).toThrow(UsageError);
    expect(twice).toThrow(/rows 1 and 2 of the table are both of lr=0.05, batch=16, seed=1/);
    expect(() => summarise(runs, { ...grouping, axes: ['rate'] })).toThrow(/no column 'rate'; it has lr, batch/);
  });
});

describe('paired differences', () => {
  it('are those of SQL', async () => {
    const against = (axis: string, others: readonly string[], reference: string): string => `
      SELECT '${axis}', ${axis === 'lr' ? 'a.lr::VARCHAR' : 'a.batch::VARCHAR'}, '${reference}', ${axis === 'lr' ? 'NULL' : 'a.lr'}, ${axis === 'batch' ? 'NULL' : 'a.batch'}, a.step,
        ${['loss', 'rank'].map((name) => `avg(a.${name} - b.${name}), stddev_samp(a.${name} - b.${name})/sqrt(count(a.${name} - b.${name})), count(a.${name} - b.${name})`).join(', ')}
      FROM runs a JOIN runs b ON a.seed = b.seed AND a.step = b.step AND ${others.map((one) => `a.${one} IS NOT DISTINCT FROM b.${one}`).join(' AND ')}
      WHERE b.${axis} = ${reference} AND a.${axis} IS DISTINCT FROM ${reference}
      GROUP BY a.lr, a.batch, a.step ORDER BY ${axis === 'lr' ? 'a.lr, a.batch NULLS LAST' : 'a.batch NULLS LAST, a.lr'}, a.step`;
    const expected = [
      ...(await bySql(against('lr', ['batch'], '0.05'))),
      ...(await bySql(against('batch', ['lr'], '16'))),
    ];
    const found = pairedDifferences(runs, grouping);
    expect(namesOf(found)).toEqual([
      'axis',
      'value',
      'reference',
      'lr',
      'batch',
      'step',
      ...['loss', 'rank'].flatMap((name) => ['mean', 'se', 'n'].map((of) => `${name}.${of}`)),
    ]);
    expect(found.rows).toBe(15 + 20);
    expectClose(rowsOf(found, namesOf(found)), expected);
    expect(() => tableParquet(found)).not.toThrow();
  });

  it('take the spread of seeds out', () => {
    const seeds = [1, 2, 3];
    const table = tableOf({
      'lr:number': [...seeds.map(() => 0.1), ...seeds.map(() => 0.2)],
      'seed:integer': [...seeds, ...seeds],
      'x:number': [10, 20, 30, 11, 21, 31],
    });
    const found = pairedDifferences(table, { axes: ['lr'], seed: 'seed' });
    expect(rowsOf(found, namesOf(found))).toEqual([['lr', '0.2', '0.1', null, 1, 0, 3]]);
  });

  it('do not exist where axes change together, or nothing is changed', () => {
    const zip = tableOf({
      'lr:number': [0.1, 0.2],
      'steps:integer': [200, 100],
      'seed:integer': [1, 1],
      'x:number': [1, 2],
    });
    expect(pairedDifferences(zip, { axes: ['lr', 'steps'], seed: 'seed' }).rows).toBe(0);
    expect(
      pairedDifferences({ ...zip, columns: zip.columns.slice(2) }, { axes: [], seed: 'seed', by: ['x'] }).rows,
    ).toBe(0);
  });
});

describe('late means', () => {
  const series = [wave(60, 1), wave(60, 5)];
  const steps = Array.from({ length: 60 }, (_, i) => 5 * i);
  const table = tableOf({
    'lr:number': series.flatMap((one, i) => one.map(() => 0.1 * (i + 1))),
    'seed:integer': series.flat().map(() => 1),
    'step:integer': [...steps, ...[...steps].reverse()],
    'x:number': [...series[0]!, ...[...series[1]!].reverse()],
    'y:number': series.flat().map((x, i) => (i === 59 || (i < 60 && i % 2 === 0) ? null : x)),
  });

  it('are batch means of the records from a step on, in order of steps, with the last value', () => {
    const found = lateMeans(table, { axes: ['lr'], seed: 'seed', from: 100 });
    expect(namesOf(found)).toEqual([
      'lr',
      'seed',
      ...['x', 'y'].flatMap((name) => ['mean', 'se', 'n', 'last'].map((of) => `${name}.${of}`)),
    ]);
    const expected = series.map((one) => {
      const { mean, standardError } = batchMeans(one.slice(20));
      return [mean, standardError, 40, one.at(-1)!];
    });
    expect(expected[0]![1]).toBeGreaterThan(0);
    expect(rowsOf(found, ['x.mean', 'x.se', 'x.n', 'x.last'])).toEqual(expected);
    expect(cells(found, 'y.n')[0]).toBe(19);
    expect(cells(found, 'y.last')[0]).toBe(series[0]![57]);
  });

  it('are empty for a run that ended before', () => {
    const found = lateMeans(table, { axes: ['lr'], seed: 'seed', from: 1000 });
    expect(rowsOf(found, ['lr', 'x.mean', 'x.se', 'x.n', 'x.last'])).toEqual([
      [0.1, null, null, 0, null],
      [0.2, null, null, 0, null],
    ]);
  });
});

describe('a join', () => {
  const theory = tableOf({
    'batch:number': [64, 16, null, 16],
    'noise:string': ['a', 'b', 'c', 'd'],
    'loss:number': [1, 2, 3, 4],
  });
  const measured = tableOf({ 'batch:integer': [16, 32, 64, null], 'loss:number': [5, 6, 7, 8] });

  it('puts rows that agree side by side, in the order of the first', () => {
    const found = joinTables(measured, theory, ['batch'], { prefix: 'theory.' });
    expect(namesOf(found)).toEqual(['batch', 'loss', 'theory.noise', 'theory.loss']);
    expect(rowsOf(found, namesOf(found))).toEqual([
      [16, 5, 'b', 2],
      [16, 5, 'd', 4],
      [64, 7, 'a', 1],
      [null, 8, 'c', 3],
    ]);
  });

  it('is refused where names come twice, or types differ', () => {
    expect(() => joinTables(measured, theory, ['batch'])).toThrow(/both tables have a column 'loss'/);
    expect(() => joinTables(tableOf({ 'noise:number': [1] }), theory, ['noise'])).toThrow(
      /'noise': it is number in the first, string in the second/,
    );
    expect(() => joinTables(measured, theory, ['lr'])).toThrow(UsageError);
  });

  it('has a spread of values whose squares are no numbers any more', () => {
    for (const unit of [1e-200, 1, 1e200]) {
      const { columns } = summarise(
        tableOf({ 'k:integer': [1, 1, 1], 'seed:integer': [1, 2, 3], 'x:number': [unit, 2 * unit, 3 * unit] }),
        { axes: ['k'], seed: 'seed' },
      );
      expect((columns.find(({ name }) => name === 'x.sd')!.values[0] as number) / unit).toBeCloseTo(1, 12);
    }
  });
});
