import type { SweepPlan } from '../studies/sweep/plan.js';
import type { SweepOutcome } from '../studies/sweep/run-sweep.js';
import { lastRows } from '../studies/sweep/last-rows.js';
import { summarise } from '../studies/sweep/table/index.js';
import type { Cell, Table } from '../studies/sweep/table.js';
import { printLine, printTable, short } from './output.js';

/** More rows than this are for files. */
const mostRows = 40;

/** The last row of each run, over the seeds, and where the rest is. */
export function printOutcome(plan: SweepPlan, { results, failures, files }: SweepOutcome, out: string): void {
  const table = lastRows(results, plan);
  const seeds = table.columns.some(({ name }) => name === 'seed');
  const shown = seeds ? summarise(table, { axes: plan.axes, seed: 'seed' }) : table;
  const quantities = plan.command.shown.filter((name) => table.columns.some((column) => column.name === name));
  const axes = plan.axes.filter((axis) => new Set(columnOf(shown, axis)).size > 1);
  printTable(
    [...axes, ...(seeds ? ['seeds'] : []), ...quantities],
    Array.from({ length: Math.min(shown.rows, mostRows) }, (_, row) => [
      ...axes.map((axis) => shownCell(columnOf(shown, axis)[row]!)),
      ...(seeds
        ? [shownCell(Math.max(0, ...quantities.map((name) => Number(columnOf(shown, `${name}.n`)[row]))))]
        : []),
      ...quantities.map((name) =>
        seeds
          ? meanWithError(columnOf(shown, `${name}.mean`)[row]!, columnOf(shown, `${name}.se`)[row]!)
          : shownCell(columnOf(shown, name)[row]!),
      ),
    ]),
  );
  if (shown.rows > mostRows) printLine(`and ${shown.rows - mostRows} more`);
  printLine();
  const fixed = plan.axes.filter((axis) => !axes.includes(axis));
  if (fixed.length > 0)
    printLine(fixed.map((axis) => `${axis} = ${shownCell(columnOf(shown, axis)[0] ?? null)}`).join(', '));
  if (seeds) printLine(`The last record of each run: mean over the seeds ± its standard error.`);
  printLine(`${plan.runs.length - failures.size} of ${plan.runs.length} runs, ${results.rows} rows, in ${out}:`);
  for (const file of files) printLine(`    ${file}`);
}

function columnOf({ columns }: Table, name: string): readonly Cell[] {
  return columns.find((column) => column.name === name)?.values ?? [];
}

function meanWithError(mean: Cell, error: Cell): string {
  if (typeof mean !== 'number') return '–';
  return typeof error === 'number' ? `${short(mean, 4)} ± ${short(error, 2)}` : short(mean, 4);
}

function shownCell(cell: Cell): string {
  if (cell === null) return '–';
  return typeof cell === 'number' && !Number.isInteger(cell) ? short(cell, 4) : String(cell);
}
