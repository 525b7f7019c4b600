import type { SweepPlan } from './plan.js';
import type { Table } from './table.js';

/** Of the rows of each point of a plan, which follow each other in a table of results, the last. */
export function lastRows({ columns, rows }: Table, { axes, command }: SweepPlan): Table {
  if (command.by.length === 0) return { columns, rows };
  const point = columns.filter(({ name }) => axes.includes(name) || name === 'seed');
  const isLast = Array.from(
    { length: rows },
    (_, row) => row === rows - 1 || point.some(({ values }) => values[row] !== values[row + 1]),
  );
  const last = [...isLast.keys()].filter((row) => isLast[row]);
  return {
    columns: columns.map(({ values, ...column }) => ({ ...column, values: last.map((row) => values[row]!) })),
    rows: last.length,
  };
}
