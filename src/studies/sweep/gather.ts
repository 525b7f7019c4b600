import type { ResultStore } from '../../jobs/result-store.js';
import type { SweepPlan } from './sweep-plan.js';
import type { Cell, ResultColumn, Table } from './table.js';

/**
 * The rows of all finished runs, in the order of the plan: the axes and the seed, what the command has of each record, state or point, and the key of the run. Nothing in it depends on when, where or
 * in which order runs were made. A column of the command that is called as an axis is comes as `result.NAME`. Throws DataError for a result that was altered. Cost: one file read a run.
 */
export function sweepRows({ command, axes, runs }: SweepPlan, store: Pick<ResultStore, 'find'>): Table {
  const keys = pointColumns({ axes, runs });
  const names = keys.map(({ name }) => name);
  const own = command.columns(runs.map(({ config }) => config as never));
  const run: ResultColumn = {
    name: 'run',
    type: 'string',
    meaning: 'the key of the run, and the name of its folder in runs/',
  };
  const cells = [...keys, ...own, run].map((): Cell[] => []);
  for (const { job, point, config } of runs) {
    const found = store.find(job);
    if (found === undefined) continue;
    for (const row of command.rows(found.result as never, config as never)) {
      names.forEach((name, i) => cells[i]!.push(cellInColumn(point[name] ?? null, keys[i]!)));
      own.forEach(({ name }, i) => cells[names.length + i]!.push(row[name] ?? null));
      cells.at(-1)!.push(job.key);
    }
  }
  const renamed = own.map((column) => ({ ...column, name: columnNameOf(column.name, names) }));
  const columns = [...keys, ...renamed, run].map((column, i) => ({ ...column, values: cells[i]! }));
  return { columns, rows: cells.at(-1)!.length };
}

/** What a column of a command is called beside these axes and the seed. */
export const columnNameOf = (name: string, axes: readonly string[]): string =>
  axes.includes(name) || name === 'seed' || name === 'run' ? `result.${name}` : name;

/** The axes, and the seed where there is one, as columns. */
export function pointColumns({ axes, runs }: Pick<SweepPlan, 'axes' | 'runs'>): ResultColumn[] {
  const names = [...axes, ...(runs.some(({ point }) => 'seed' in point) ? ['seed'] : [])];
  return names.map((name) => axisColumn(name, runs));
}

/** Numbers stay numbers where all values are, `all` and none apart; values of several kinds are texts. */
function axisColumn(name: string, runs: SweepPlan['runs']): ResultColumn {
  const kinds = new Set<ResultColumn['type']>();
  for (const { point } of runs) {
    const value = point[name] ?? null;
    if (value !== null) kinds.add(kindOf(value));
  }
  const meaning = name === 'seed' ? 'seed of the run' : `axis of the sweep`;
  if (kinds.size === 2 && kinds.has('number') && kinds.has('integer')) return { name, type: 'number', meaning };
  return { name, type: kinds.size === 1 ? [...kinds][0]! : 'string', meaning };
}

function kindOf(value: NonNullable<Cell>): ResultColumn['type'] {
  if (typeof value !== 'number') return typeof value === 'string' ? 'string' : 'boolean';
  return Number.isSafeInteger(value) ? 'integer' : 'number';
}

/** A value as its column has it. */
export const cellInColumn = (value: Cell, { type }: ResultColumn): Cell =>
  value !== null && type === 'string' ? String(value) : value;
