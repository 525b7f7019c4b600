import type { Failure } from '../../jobs/failure.js';
import type { Finished } from '../../jobs/result-store.js';
import { cellInColumn, pointColumns } from './gather.js';
import type { SweepPlan } from './sweep-plan.js';
import type { Cell, ResultColumn, Table } from './table.js';

/** What became of a run: where, how long, and why not. */
const about: readonly ResultColumn[] = [
  { name: 'run', type: 'string', meaning: 'the key of the run, and the name of its folder in runs/' },
  { name: 'state', type: 'string', meaning: 'finished, failed, or missing: not yet run' },
  { name: 'seconds', type: 'number', meaning: 'wall time it took, interruptions left out' },
  { name: 'machine', type: 'string', meaning: 'on what it was finished' },
  { name: 'attempts', type: 'integer', meaning: 'how often a run that failed was tried' },
  { name: 'reason', type: 'string', meaning: 'why a run failed' },
];

/** What a table of runs says of a finished one. */
export type FinishedRun = Pick<Finished, 'seconds' | 'machine'>;

/** One row for each run of a plan, in its order: its point, and what became of it, by its key. */
export function runTable(
  plan: SweepPlan,
  finished: ReadonlyMap<string, FinishedRun>,
  failures: ReadonlyMap<string, Failure>,
): Table {
  const rows = plan.runs.map(({ job }): Record<string, Cell> => {
    const found = finished.get(job.key);
    const failure = failures.get(job.key);
    return {
      run: job.key,
      state: found !== undefined ? 'finished' : failure === undefined ? 'missing' : 'failed',
      seconds: found?.seconds ?? null,
      machine: found?.machine ?? null,
      attempts: failure?.attempts ?? null,
      reason: failure?.message.split('\n')[0] ?? null,
    };
  });
  return {
    rows: rows.length,
    columns: [
      ...pointColumns(plan).map((column) => ({
        ...column,
        values: plan.runs.map(({ point }) => cellInColumn(point[column.name] ?? null, column)),
      })),
      ...about.map((column) => ({ ...column, values: rows.map((row) => row[column.name]!) })),
    ],
  };
}
