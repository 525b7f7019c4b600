import { join } from 'node:path';
import { claimFiles } from '../../files/owned-folder.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Failure } from '../../jobs/failure.js';
import type { ResultStore } from '../../jobs/result-store.js';
import { sweepRows } from './gather.js';
import type { SweepPlan } from './plan.js';
import { runTable } from './run-table.js';
import { sweepFiles, sweepFolder } from './sweep-folder.js';
import { pairedDifferences, summarise, tableCsv, tableParquet } from './table/index.js';
import type { Table } from './table.js';

/** The tables of a sweep, and their files. */
export interface WrittenTables {
  /** One row for each observation of each finished run. */
  readonly results: Table;
  /** Over the seeds; null where the command draws nothing. */
  readonly summary: Table | null;
  readonly files: readonly string[];
}

/** Columns of a table that tell the rows of one run apart. */
export const rowKeys = ({ columns }: Table, { command }: Pick<SweepPlan, 'command'>): string[] =>
  command.by.filter((name) => columns.some((column) => column.name === name));

/**
 * Writes the tables of what is finished of a plan: results.csv and results.parquet; summary.csv and differences.csv, where there are seeds; runs.csv, one row for each run. All but the last depend on the results
 * alone, not on where, when and in which order they were found. Throws DataError if the disk refuses, each file being whole or not there. Cost: reading each result.
 */
export function writeTables(
  plan: SweepPlan,
  store: ResultStore,
  failures: ReadonlyMap<string, Failure> = new Map(),
): WrittenTables {
  const results = sweepRows(plan, store);
  const hasSeeds = results.columns.some(({ name }) => name === 'seed');
  const grouping = { axes: plan.axes, seed: 'seed', by: rowKeys(results, plan) };
  const summary = hasSeeds ? summarise(results, grouping) : null;
  const contents: [string, string | Uint8Array][] = [
    [sweepFiles.csv, tableCsv(results)],
    [sweepFiles.parquet, tableParquet(results)],
    ...(summary === null
      ? []
      : ([
          [sweepFiles.summary, tableCsv(summary)],
          [sweepFiles.differences, tableCsv(pairedDifferences(results, grouping))],
        ] satisfies [string, string][])),
    [sweepFiles.runs, tableCsv(runTable(plan, store, failures))],
  ];
  claimFiles(
    store.path,
    sweepFolder,
    contents.map(([name]) => name),
  );
  for (const [name, content] of contents) writeAtomically(join(store.path, name), content);
  return { results, summary, files: contents.map(([name]) => join(store.path, name)) };
}
