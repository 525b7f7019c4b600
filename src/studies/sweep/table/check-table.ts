import { UsageError } from '../../../errors.js';
import type { Cell, ResultColumn, Table } from '../table.js';

/** A column with its cells. */
export type TableColumn = Table['columns'][number];

const fits: Readonly<Record<ResultColumn['type'], (cell: Cell) => boolean>> = {
  number: (cell) => typeof cell === 'number',
  integer: (cell) => Number.isInteger(cell) && Math.abs(cell as number) <= 2 ** 53,
  string: (cell) => typeof cell === 'string',
  boolean: (cell) => typeof cell === 'boolean',
};

/** Throws UsageError unless a table has columns, each with a name of its own, as many cells as the table has rows, and each of its type or null. Cost: O(cells). */
export function checkTable({ columns, rows }: Table): void {
  if (columns.length === 0) throw new UsageError('a table needs a column, received none');
  const names = new Set<string>();
  for (const { name, type, meaning, values } of columns) {
    if (name === '') throw new UsageError('a column of a table needs a name, received an empty one');
    if ([name, meaning].some((text) => text.startsWith('\uFEFF')))
      throw new UsageError(
        `the column '${name}' or its meaning begins with a byte order mark, which readers leave out`,
      );
    if (names.has(name)) throw new UsageError(`a table has two columns '${name}'; each needs a name of its own`);
    names.add(name);
    if (values.length !== rows)
      throw new UsageError(`the column '${name}' has ${values.length} cells, the table ${rows} rows`);
    const wrong = values.findIndex((cell) => cell !== null && !fits[type](cell));
    if (wrong < 0) continue;
    const whole = type === 'integer' ? ', a whole number within ±2⁵³' : '';
    throw new UsageError(
      `the column '${name}', row ${wrong + 1}: ${JSON.stringify(values[wrong])} is no ${type}${whole}, nor null`,
    );
  }
}

/** The column of that name. Throws UsageError with the names there are. */
export function columnNamed({ columns }: Table, name: string): TableColumn {
  const column = columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new UsageError(`the table has no column '${name}'; it has ${columns.map((one) => one.name).join(', ')}`);
}
