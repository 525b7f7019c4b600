import type { SweepPlan } from '../studies/sweep/plan.js';
import type { SweepOutcome } from '../studies/sweep/run-sweep.js';
import { lastRows } from '../studies/sweep/last-rows.js';
import { rowKeys } from '../studies/sweep/write-tables.js';
import { summarise } from '../studies/sweep/table/index.js';
import type { Cell, Table } from '../studies/sweep/table.js';
import { short } from '../numeric/short-number.js';
import { printLine, printTable } from './output.js';

/** More rows than this are for files. */
const mostRows = 40;

/** What is known of a quantity at a point: its mean over the seeds, or the one value there is, and a standard error where there are several. */
interface Shown {
  readonly value: Cell;
  readonly error: Cell;
}

/** The last row of each run, over the seeds, and where the rest is. */
export function printOutcome(plan: SweepPlan, { results, failures, files }: SweepOutcome, out: string): void {
  if (results.rows > 0) printLast(plan, results);
  printLine(`${plan.runs.length - failures.size} of ${plan.runs.length} runs, ${results.rows} rows, in ${out}:`);
  for (const file of files) printLine(`    ${file}`);
}

function printLast(plan: SweepPlan, results: Table): void {
  const last = lastRows(results, plan);
  const hasSeeds = last.columns.some(({ name }) => name === 'seed');
  const by = rowKeys(last, plan).filter((name) => name !== 'step');
  const table = hasSeeds ? summarise(last, { axes: plan.axes, seed: 'seed', by }) : last;
  const shown = (name: string, row: number): Shown =>
    hasSeeds
      ? { value: cellAt(table, `${name}.mean`, row), error: cellAt(table, `${name}.se`, row) }
      : { value: cellAt(table, name, row), error: null };
  const isThere = (name: string): boolean =>
    last.columns.some((column) => column.name === name && column.values.some((value) => value !== null));
  const quantities = plan.command.shown.filter((name) => isThere(name) || isThere(`${name}.lower`));
  const axes = [...plan.axes, ...by].filter((axis) => new Set(columnOf(table, axis)).size > 1);
  printTable(
    [...axes, ...quantities],
    Array.from({ length: Math.min(table.rows, mostRows) }, (_, row) => [
      ...axes.map((axis) => shownCell(cellAt(table, axis, row))),
      ...quantities.map((name) =>
        isThere(name) ? text(shown(name, row)) : between(shown(`${name}.lower`, row), shown(`${name}.upper`, row)),
      ),
    ]),
  );
  if (table.rows > mostRows) printLine(`and ${table.rows - mostRows} more`);
  printLine();
  const fixed = plan.axes.filter((axis) => !axes.includes(axis));
  const single = fixed.map((axis) => `${axis} = ${shownCell(cellAt(table, axis, 0))}`).join(', ');
  if (single !== '') printLine(single);
  const seeds = new Set(columnOf(last, 'seed')).size;
  if (seeds > 1)
    printLine(
      `Means over ${seeds} seeds ± standard error${plan.command.by.includes('step') ? ', of the last record of each run' : ''}.`,
    );
}

function columnOf({ columns }: Table, name: string): readonly Cell[] {
  return columns.find((column) => column.name === name)?.values ?? [];
}

const cellAt = (table: Table, name: string, row: number): Cell => columnOf(table, name)[row] ?? null;

function text({ value, error }: Shown): string {
  return typeof value === 'number' && typeof error === 'number' && error > 0
    ? `${short(value, 4)} ± ${short(error, 2)}`
    : shownCell(value);
}

/** An interval as its middle where it is narrower than what is shown of it, or than its error. */
function between(lower: Shown, upper: Shown): string {
  const [low, high] = [lower.value, upper.value];
  if (typeof low !== 'number' || typeof high !== 'number') return '–';
  if (short(low, 4) === short(high, 4) || high - low <= 2 * Number(lower.error ?? 0)) {
    return text({ value: (low + high) / 2, error: lower.error });
  }
  return `[${short(low, 4)}, ${short(high, 4)}]`;
}

function shownCell(cell: Cell): string {
  if (cell === null) return '–';
  return typeof cell === 'number' && !Number.isInteger(cell) ? short(cell, 4) : String(cell);
}
