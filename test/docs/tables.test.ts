import { DuckDBInstance } from '@duckdb/node-api';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableCsv, tableParquet, type Table } from '../../src/studies/sweep/table/index.js';
import { pythonWith } from '../python.js';

const page = readFileSync('docs/tables.md', 'utf8');
const block = (language: string): string => new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!;

const results: Table = {
  rows: 4,
  columns: [
    { name: 'batch', type: 'integer', meaning: 'samples of a step', values: [16, 64, 16, 64] },
    { name: 'topFraction', type: 'number', meaning: 'f_top(10)', values: [0.5, 0.75, 0.75, 1] },
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
  writeFileSync(join(folder, 'results.csv'), tableCsv(results));
  writeFileSync(join(folder, 'results.parquet'), tableParquet(results));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('the page of tables reads them in Python', ({ skip }) => {
  const python = pythonWith('pandas');
  if (python === undefined) skip('there is no Python with pandas (Debian: python3-pandas)');
  const { stdout, stderr } = spawnSync(python!, ['-c', block('py')], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^16 +0\.625\n64 +0\.875\n/m);
});

it('the page of tables reads them in DuckDB', async () => {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const found = await duckdb.runAndReadAll(block('sql').replace("'results", `'${folder}/results`));
  expect(found.getRowsJS()).toEqual([
    [16n, 0.625],
    [64n, 0.875],
  ]);
  duckdb.closeSync();
});
