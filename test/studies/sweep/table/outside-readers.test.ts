import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableCsv, tableParquet, type Cell } from '../../../../src/studies/sweep/table/index.js';
import { pythonWith } from '../../../python.js';
import { cells, tableOf, wave } from './tables.js';

const rows = 300;
const table = tableOf({
  'lr:number': wave(rows, 1).map((_, i) => [0.05, 1][i % 2]!),
  'seed:integer': wave(rows, 1).map((_, i) => (i === 0 ? 2 ** 53 : i % 3)),
  'model:string': wave(rows, 1).map((_, i) => [`mlp:20,${i % 4}`, 'soft "max"', '=é\nλ'][i % 3]!),
  'late:boolean': wave(rows, 1).map((_, i) => i % 4 > 0),
  'topFraction.lower:number': wave(rows, 2).map((x, i) => (i % 10 === 0 ? null : x)),
  'whole:number': wave(rows, 3).map((_, i) => i),
  'steps:integer': wave(rows, 4).map((_, i) => (i % 7 === 0 ? null : i)),
});
const numbers = (name: string): number[] => cells(table, name).filter((cell) => cell !== null) as number[];
const sum = (name: string): number => numbers(name).reduce((total, x) => total + x, 0);
const python = pythonWith('pandas');

let folder: string;
let duckdb: DuckDBConnection;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
  writeFileSync(file('results.csv'), tableCsv(table));
  writeFileSync(file('results.parquet'), tableParquet(table));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(folder, { recursive: true });
});

const query = async (sql: string): Promise<unknown[][]> => (await duckdb.runAndReadAll(sql)).getRowsJS();

describe.each(['results.csv', 'results.parquet'])('DuckDB reads %s as it is', (name) => {
  it('with its types', async () => {
    const types = (await query(`DESCRIBE SELECT * FROM '${file(name)}'`)).map((row) => row.slice(0, 2));
    const expected = { number: 'DOUBLE', integer: 'BIGINT', string: 'VARCHAR', boolean: 'BOOLEAN' };
    expect(types).toEqual(table.columns.map((column) => [column.name, expected[column.type]]));
  });

  it('with every cell', async () => {
    const found = await query(`SELECT * FROM '${file(name)}'`);
    const expected = Array.from({ length: rows }, (_, row) =>
      table.columns.map(({ type, values }) => {
        const cell = values[row] ?? null;
        return type === 'integer' && cell !== null ? BigInt(cell) : cell;
      }),
    );
    expect(found).toEqual(expected);
  });

  it('and adds the same sums', async () => {
    const [found] = await query(
      `SELECT sum("topFraction.lower"), count("topFraction.lower"), count(*) FILTER (late) FROM '${file(name)}'`,
    );
    expect(found![0]).toBeCloseTo(sum('topFraction.lower'), 10);
    expect(found!.slice(1).map(Number)).toEqual([270, 225]);
  });
});

it('DuckDB finds the meanings in the metadata', async () => {
  const found = await query(`SELECT key, value FROM parquet_kv_metadata('${file('results.parquet')}')`);
  const texts = found.map((row) => row.map((cell) => Buffer.from(cell as Uint8Array).toString()));
  expect(texts).toContainEqual(['meaning:topFraction.lower', 'meaning of topFraction.lower']);
});

it('hyparquet reads the Parquet file as it is', async () => {
  const found = await parquetReadObjects({ file: await asyncBufferFromFile(file('results.parquet')) });
  expect(found).toHaveLength(rows);
  for (const { name, values } of table.columns) {
    const read = found.map((row) => (row[name] as Cell | bigint | undefined) ?? null);
    expect(read.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell))).toEqual(values);
  }
});

it('pandas reads the CSV file as it is', ({ skip }) => {
  if (python === undefined) skip('there is no Python with pandas (Debian: python3-pandas)');
  const script = `
import json, pandas, sys
table = pandas.read_csv(sys.argv[1], float_precision='round_trip')
print(json.dumps({
  'types': [[name, str(kind)] for name, kind in table.dtypes.items()],
  'whole': table['whole'].tolist(), 'seed': table['seed'].tolist(), 'model': table['model'].tolist(), 'late': table['late'].tolist(),
  'lower': [None if pandas.isna(x) else x for x in table['topFraction.lower']],
}))`;
  const { stdout, stderr } = spawnSync(python!, ['-c', script, file('results.csv')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as Record<string, unknown[]>;
  expect(found.types).toEqual([
    ['lr', 'float64'],
    ['seed', 'int64'],
    ['model', 'object'],
    ['late', 'bool'],
    ['topFraction.lower', 'float64'],
    ['whole', 'float64'],
    ['steps', 'float64'], // pandas has no missing integers
  ]);
  for (const name of ['whole', 'seed', 'model', 'late']) expect(found[name]).toEqual(cells(table, name));
  expect(found.lower).toEqual(cells(table, 'topFraction.lower'));
});
