import { UsageError } from '../../../errors.js';
import type { Table } from '../table.js';
import { columnNamed } from './check-table.js';
import { columnAt, groupNumbers, groupsOf } from './groups.js';

/**
 * The inner join of two tables: each row of `a` with each row of `b` that agrees in the columns `on`, null with null, an integer with the number it is; in the order of `a`, then of `b`. Columns are those of `a`,
 * then the others of `b`, with `prefix` before their names. So a sweep of the theory is put beside the same sweep measured.
 *
 * Throws UsageError for a column that is not there or is of two types, and where a name of `b` is one of `a` too. Cost: O(cells of all three).
 */
export function joinTables(
  a: Table,
  b: Table,
  on: readonly string[],
  { prefix = '' }: { readonly prefix?: string } = {},
): Table {
  const kind = (type: string): string => (type === 'integer' ? 'number' : type);
  const shared = on.map((name) => {
    const [left, right] = [columnNamed(a, name), columnNamed(b, name)];
    if (kind(left.type) === kind(right.type)) return [...left.values, ...right.values];
    throw new UsageError(
      `the tables cannot be joined on '${name}': it is ${left.type} in the first, ${right.type} in the second`,
    );
  });
  const others = b.columns
    .filter(({ name }) => !on.includes(name))
    .map((column) => ({ ...column, name: `${prefix}${column.name}` }));
  const twice = others.find(({ name }) => a.columns.some((column) => column.name === name));
  if (twice !== undefined)
    throw new UsageError(`both tables have a column '${twice.name}'; join on it, or give a prefix for the second's`);
  const numbers = groupNumbers(shared, a.rows + b.rows);
  const matches = groupsOf(shared, a.rows + b.rows).map((rows) =>
    rows.filter((row) => row >= a.rows).map((row) => row - a.rows),
  );
  const pairs = Array.from({ length: a.rows }, (_, row) =>
    matches[numbers[row]!]!.map((match) => [row, match] as const),
  ).flat();
  return {
    rows: pairs.length,
    columns: [
      ...a.columns.map((column) =>
        columnAt(
          column,
          pairs.map(([row]) => row),
        ),
      ),
      ...others.map((column) =>
        columnAt(
          column,
          pairs.map(([, match]) => match),
        ),
      ),
    ],
  };
}
