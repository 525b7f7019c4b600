import { UsageError } from '../../../errors.js';
import type { Cell, Table } from '../table.js';
import { cellText, columnCalled, distinct, cellList } from './quantity.js';

const relations = ['>=', '<=', '!=', '=', '>', '<'] as const;

/**
 * What rows must fulfil: `lr=0.1`, `step>=500`, `model!=softmax`; `step=last` and `step=first` are those of each run, of the rows that fulfil the rest; a cell
 * that is null is equal to `none`, `all` and `null`.
 */
export interface Condition {
  readonly column: string;
  readonly relation: (typeof relations)[number];
  readonly value: string;
}

/** Throws UsageError for a text that is no condition. */
export function parseCondition(text: string): Condition {
  const [, column, relation, value] = /^\s*([^=<>!]+?)\s*(>=|<=|!=|=|>|<)\s*(.+?)\s*$/.exec(text) ?? [];
  if (column === undefined) {
    throw new UsageError(
      `'${text}' is no condition on rows; it looks like lr=0.1, 'step>=500' or step=last, with one of ${relations.join(' ')}`,
    );
  }
  return { column, relation: relation as Condition['relation'], value: value! };
}

export function conditionText({ column, relation, value }: Condition): string {
  const sign = { '>=': ' ≥ ', '<=': ' ≤ ', '!=': ' ≠ ', '=': ' = ', '>': ' > ', '<': ' < ' }[relation];
  return `${column}${sign}${value}`;
}

/** Whether it asks for one record of each run. */
export function isOfRun({ relation, value }: Condition): boolean {
  return relation === '=' && (value === 'last' || value === 'first');
}

/**
 * The rows that fulfil all conditions, in their order; `runOf` names the run of a row. Throws UsageError for a column that there is not, an order of what are no numbers, and
 * where no row is left, with the values that there are.
 */
export function rowsWhere(table: Table, conditions: readonly Condition[], runOf: (row: number) => string): number[] {
  let rows = Array.from({ length: table.rows }, (_, row) => row);
  if (rows.length === 0) throw new UsageError('the table has no rows, so that there is nothing to draw');
  const ordered = [...conditions].sort((a, b) => Number(isOfRun(a)) - Number(isOfRun(b)));
  for (const condition of ordered) {
    const { values } = columnCalled(table, condition.column);
    const left = isOfRun(condition)
      ? extremes(values, rows, condition, runOf)
      : rows.filter((row) => holds(condition, values[row]!));
    if (left.length === 0) {
      throw new UsageError(
        `no row is left with ${conditionText(condition)}: '${condition.column}' is ${cellList(distinct(rows.map((row) => values[row]!)), 12)}; choose one of these`,
      );
    }
    rows = left;
  }
  return rows;
}

function holds({ column, relation, value }: Condition, cell: Cell): boolean {
  const isSame =
    cell === null
      ? ['none', 'all', 'null'].includes(value)
      : typeof cell === 'number'
        ? cell === Number(value)
        : cellText(cell) === value;
  if (relation === '=') return isSame;
  if (relation === '!=') return !isSame;
  const than = Number(value);
  if (Number.isNaN(than) || (typeof cell !== 'number' && cell !== null)) {
    throw new UsageError(
      `${conditionText({ column, relation, value })} orders what are no numbers; use = or !=, or compare a column of numbers with one`,
    );
  }
  if (cell === null) return false;
  return { '>=': cell >= than, '<=': cell <= than, '>': cell > than, '<': cell < than }[relation];
}

/** Of each run the rows with its largest value, or its smallest. */
function extremes(
  values: readonly Cell[],
  rows: readonly number[],
  { value: end, column }: Condition,
  runOf: (row: number) => string,
): number[] {
  const best = new Map<string, number>();
  for (const row of rows) {
    const value = values[row];
    if (value === null) continue;
    if (typeof value !== 'number')
      throw new UsageError(`${column}=${end} needs a column of numbers, for example step=${end}`);
    const run = runOf(row);
    const before = best.get(run) ?? value;
    best.set(run, end === 'last' ? Math.max(before, value) : Math.min(before, value));
  }
  return rows.filter((row) => values[row] !== null && values[row] === best.get(runOf(row)));
}
