import { join } from 'node:path';
import { claimFiles } from '../../files/owned-folder.js';
import { writeAtomically } from '../../files/write-atomically.js';
import type { Failure } from '../../jobs/failure.js';
import type { JobKey } from '../../jobs/job.js';
import type { ResultStore } from '../../jobs/result-store.js';
import { columnNameOf, sweepRows } from './gather.js';
import type { SweepPlan } from './sweep-plan.js';
import { runTable, type FinishedRun } from './run-table.js';
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
export const rowKeys = ({ columns }: Table, { command, axes }: Pick<SweepPlan, 'command' | 'axes'>): string[] =>
  command.by.map((name) => columnNameOf(name, axes)).filter((name) => columns.some((column) => column.name === name));

/** The tables of what is finished of a plan, and the files they are written to. */
export function tablesOf(
  plan: SweepPlan,
  store: Pick<ResultStore, 'find'>,
  failures: ReadonlyMap<string, Failure> = new Map(),
): Pick<WrittenTables, 'results' | 'summary'> & { readonly files: readonly (readonly [string, Table])[] } {
  const finished = new Map<string, FinishedRun>();
  const results = sweepRows(plan, {
    find<R>(job: JobKey<R>) {
      const found = store.find(job);
      if (found !== undefined) finished.set(job.key, { seconds: found.seconds, machine: found.machine });
      return found;
    },
  });
  const hasSeeds = results.columns.some(({ name }) => name === 'seed');
  const grouping = { axes: plan.axes, seed: 'seed', by: rowKeys(results, plan) };
  const summary = hasSeeds ? summarise(results, grouping) : null;
  return {
    results,
    summary,
    files: [
      [sweepFiles.csv, results],
      [sweepFiles.parquet, results],
      ...(summary === null
        ? []
        : ([
            [sweepFiles.summary, summary],
            [sweepFiles.differences, pairedDifferences(results, grouping)],
          ] as const)),
      [sweepFiles.runs, runTable(plan, finished, failures)],
    ],
  };
}

/**
 * Writes the tables of what is finished of a plan: results.csv and results.parquet; summary.csv and differences.csv, where there are seeds; runs.csv, one row for each run. All but the last depend on the results
 * alone, not on where, when and in which order they were found. Throws DataError if the disk refuses, each file being whole or not there. Cost: reading each result.
 */
export function writeTables(
  plan: SweepPlan,
  store: ResultStore,
  failures: ReadonlyMap<string, Failure> = new Map(),
): WrittenTables {
  const { files, ...tables } = tablesOf(plan, store, failures);
  const contents = files.map(([file, table]) => [file, encoded(file, table)] as const);
  claimFiles(
    store.path,
    sweepFolder,
    contents.map(([name]) => name),
  );
  for (const [name, content] of contents) writeAtomically(join(store.path, name), content);
  return { ...tables, files: contents.map(([name]) => join(store.path, name)) };
}

const encoded = (file: string, table: Table): string | Uint8Array =>
  file.endsWith('.parquet') ? tableParquet(table) : tableCsv(table);
