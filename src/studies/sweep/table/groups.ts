import { UsageError } from '../../../errors.js';
import type { Cell, ResultColumn, Table } from '../table.js';
import { columnNamed, type TableColumn } from './check-table.js';

/** Which columns say what a row is of. */
export interface SeedGrouping {
  /** Columns of what is varied, the seed not among them. */
  readonly axes: readonly string[];
  /** The column of the seed. */
  readonly seed: string;
  /** Columns that tell rows of one run apart, such as the step; none if a run has one row. */
  readonly by?: readonly string[];
}

/** For each row the number of its group: rows that agree in all these columns, null with null and −0 with 0, numbered in order of first appearance. Cost: O(cells). */
export function groupNumbers(columns: readonly (readonly Cell[])[], rows: number): Int32Array {
  let numbers = new Int32Array(rows);
  for (const values of columns) {
    const [within, refined, count] = [new Map<number, Map<Cell, number>>(), new Int32Array(rows), { groups: 0 }];
    for (let row = 0; row < rows; row++) {
      const seen = within.get(numbers[row]!) ?? new Map<Cell, number>();
      if (seen.size === 0) within.set(numbers[row]!, seen);
      const known = seen.get(values[row]!);
      refined[row] = known ?? count.groups;
      if (known === undefined) seen.set(values[row]!, count.groups++);
    }
    numbers = refined;
  }
  return numbers;
}

/** The rows of each group, in order of first appearance. */
export function groupsOf(columns: readonly (readonly Cell[])[], rows: number): readonly (readonly number[])[] {
  const groups: number[][] = [];
  groupNumbers(columns, rows).forEach((number, row) => {
    if (number === groups.length) groups.push([]);
    groups[number]!.push(row);
  });
  return groups;
}

/** The columns that say what a row is of. Throws UsageError for one that is missing, and for two rows that agree in all. */
export function groupingColumns(
  table: Table,
  { axes, seed, by = [] }: SeedGrouping,
): { readonly axes: readonly TableColumn[]; readonly seed: TableColumn; readonly by: readonly TableColumn[] } {
  const named = (name: string): TableColumn => columnNamed(table, name);
  const columns = { axes: axes.map(named), seed: named(seed), by: by.map(named) };
  const all = [...columns.axes, columns.seed, ...columns.by];
  const repeated = groupsOf(valuesOf(all), table.rows).find(({ length }) => length > 1);
  if (repeated === undefined) return columns;
  const where = all.map(({ name, values }) => `${name}=${String(values[repeated[0]!])}`).join(', ');
  throw new UsageError(
    `rows ${repeated[0]! + 1} and ${repeated[1]! + 1} of the table are both of ${where}; the columns of axes, seed and by must tell all rows apart`,
  );
}

/** The columns of numbers that are not named. */
export function measuredColumns({ columns }: Table, named: readonly string[]): readonly TableColumn[] {
  return columns.filter(({ name, type }) => (type === 'number' || type === 'integer') && !named.includes(name));
}

/** The cells of columns. */
export const valuesOf = (columns: readonly TableColumn[]): readonly (readonly Cell[])[] =>
  columns.map(({ values }) => values);

/** A column at chosen rows; null where there is none. */
export const columnAt = ({ values, ...column }: TableColumn, rows: readonly (number | null)[]): TableColumn => ({
  ...column,
  values: rows.map((row) => (row === null ? null : values[row]!)),
});

/** A column of what is calculated from another one. */
export const derivedColumn = (
  { name, meaning }: ResultColumn,
  [suffix, type, what]: readonly [suffix: string, type: ResultColumn['type'], what: string],
  values: readonly Cell[],
): TableColumn => ({
  name: `${name}.${suffix}`,
  type,
  meaning: meaning === '' ? what : `${meaning}: ${what}`,
  values,
});
