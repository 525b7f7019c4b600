import type { ResultStore } from '../../jobs/result-store.js';
import type { SweepPlan } from './plan.js';
import type { Cell, ResultColumn, Table } from './table.js';

/** A column of each axis, and of the seed, at runs of a plan by their indices. */
export function pointColumns({ axes, runs }: SweepPlan, at: readonly number[]): Table['columns'] {
  const names = [...axes, ...(runs.some(({ point }) => 'seed' in point) ? ['seed'] : [])];
  return names.map((name) => {
    const values = at.map((run) => runs[run]!.point[name] ?? null);
    const meaning = name === 'seed' ? 'the seed of the run' : `axis of the sweep: ${name}`;
    return asOneType({ name, meaning }, values);
  });
}

/** A column of the one type that all its values have, or of texts. */
function asOneType(about: Pick<ResultColumn, 'name' | 'meaning'>, values: readonly Cell[]): Table['columns'][number] {
  const there = values.filter((value) => value !== null);
  const all = (test: (value: Cell) => boolean): boolean => there.length > 0 && there.every(test);
  if (all(Number.isSafeInteger)) return { ...about, type: 'integer', values };
  if (all((value) => typeof value === 'number')) return { ...about, type: 'number', values };
  if (all((value) => typeof value === 'boolean')) return { ...about, type: 'boolean', values };
  return { ...about, type: 'string', values: values.map((value) => (value === null ? null : String(value))) };
}

const key: ResultColumn = { name: 'run', type: 'string', meaning: 'the key of the run' };

/** The rows of all finished runs of a plan, in its order, behind their points. Throws DataError for a result that was altered. Cost: each result is read once. */
export function sweepRows(plan: SweepPlan, store: ResultStore): Table {
  const { command, runs } = plan;
  const points = pointColumns(plan, []).map(({ name }) => name);
  const columns = [...command.columns(runs.map(({ config }) => config as never)), key].filter(
    ({ name }) => !points.includes(name), // what an axis says already
  );
  const values = columns.map((): Cell[] => []);
  const at: number[] = [];
  runs.forEach(({ job, config }, index) => {
    const found = store.find(job);
    if (found === undefined) return;
    for (const row of command.rows(found.result as never, config as never)) {
      at.push(index);
      columns.forEach(({ name }, i) => values[i]!.push(name === key.name ? job.key : (row[name] ?? null)));
    }
  });
  return {
    columns: [...pointColumns(plan, at), ...columns.map((column, i) => ({ ...column, values: values[i]! }))],
    rows: at.length,
  };
}
