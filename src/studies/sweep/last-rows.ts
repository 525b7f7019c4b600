import type { SweepPlan } from './plan.js';
import type { Table } from './table.js';

/** Of the rows of each point of a plan, which follow each other in a table of results, those of the last step; all where rows have no step. */
export function lastRows({ columns, rows }: Table, { axes, command }: SweepPlan): Table {
  const steps = columns.find(({ name }) => name === 'step' && command.by.includes(name))?.values;
  if (steps === undefined) return { columns, rows };
  const points = columns.filter(({ name }) => axes.includes(name) || name === 'seed');
  const last: number[] = [];
  for (let row = rows - 1, step = null as unknown; row >= 0; row--) {
    const isNext = row === rows - 1 || points.some(({ values }) => values[row] !== values[row + 1]);
    if (isNext) step = steps[row];
    if (steps[row] === step) last.push(row);
  }
  last.reverse();
  return {
    columns: columns.map(({ values, ...column }) => ({ ...column, values: last.map((row) => values[row]!) })),
    rows: last.length,
  };
}
