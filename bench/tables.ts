import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomStream } from '../src/numeric/random.js';
import {
  readTable,
  summarise,
  tableCsv,
  tableParquet,
  type Cell,
  type Table,
} from '../src/studies/sweep/table/index.js';
import { line } from './ratio.js';

/**
 * A table of 100,000 rows (or ROWS) and 60 columns, a run of three seeds each: seconds and the peak of memory so far for writing, summarising and reading it, and DuckDB beside.
 *
 *   npx tsx bench/tables.ts [ROWS]
 */
const rows = Number(process.argv[2] ?? 100_000);
const draw = randomStream(1, 'table');
const column = (
  name: string,
  type: 'number' | 'integer' | 'string',
  of: (row: number) => Cell,
): Table['columns'][number] => ({
  name,
  type,
  meaning: `column ${name}`,
  values: Array.from({ length: rows }, (_, row) => of(row)),
});
const table: Table = {
  rows,
  columns: [
    column('lr', 'number', (row) => 10 ** -(Math.floor(row / 3) % 50)),
    column('batch', 'integer', (row) => Math.floor(row / 150)),
    column('seed', 'integer', (row) => row % 3),
    column('model', 'string', (row) => `mlp:${row % 40},${row % 7}`),
    ...Array.from({ length: 56 }, (_, i) =>
      column(`x${i}`, 'number', (row) => (row % 50 === i ? null : draw.normal())),
    ),
  ],
};
const folder = mkdtempSync(join(tmpdir(), 'tables-'));
const [csv, parquet] = [join(folder, 'results.csv'), join(folder, 'results.parquet')];

/** Peak of this process so far, in GB. */
const peak = (): number => (1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1])) / 1e9;
async function timed(name: string, run: () => unknown): Promise<number> {
  const began = performance.now();
  await run();
  const seconds = (performance.now() - began) / 1000;
  line(name, seconds, peak());
  return seconds;
}

line('', 'seconds', 'peak GB');
line('the table', 0, peak());
await timed('write csv', () => {
  writeFileSync(csv, tableCsv(table));
});
await timed('write parquet', () => {
  writeFileSync(parquet, tableParquet(table));
});
await timed('summarise', () => summarise(table, { axes: ['lr', 'batch'], seed: 'seed' }));
const read = await timed('read parquet', () => readTable(parquet));
await timed('read csv', () => readTable(csv));
const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
const count = table.columns.map(({ name }) => `count("${name}"), max("${name}")`).join(', ');
const other = await timed('DuckDB parquet', () => duckdb.runAndReadAll(`SELECT ${count} FROM '${parquet}'`));
await timed('DuckDB csv', () => duckdb.runAndReadAll(`SELECT ${count} FROM '${csv}'`));
line('ratio', read / other);
duckdb.closeSync();
rmSync(folder, { recursive: true });
