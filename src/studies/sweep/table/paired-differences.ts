import type { Cell, Table } from '../table.js';
import type { TableColumn } from './check-table.js';
import {
  columnAt,
  derivedColumn,
  groupingColumns,
  groupsOf,
  measuredColumns,
  valuesOf,
  type SeedGrouping,
} from './groups.js';
import { sampleSpread } from './sample-spread.js';

/** Two settings that differ in one axis, and the rows of the seeds that both have. */
interface Comparison {
  readonly axis: TableColumn;
  readonly pairs: readonly (readonly [row: number, reference: number])[];
}

const statistics = [
  ['mean', 'number', 'mean over seeds of the difference from the reference'],
  ['se', 'number', 'standard error of the mean difference'],
  ['n', 'integer', 'seeds with a value in both'],
] as const;

/**
 * What changing one setting changes, with the spread of seeds taken out: for each axis with several values, each of them against the one that comes first in the table, everything else
 * that `axes` and `by` name being equal, paired by seed. Columns: `axis`, `value` and `reference` as texts; the other axes' values, and null in the axis's own column; `by`; and of each other column of
 * numbers, of x(value) − x(reference), `NAME.mean`, `.se` (with n − 1) and `.n`. A row where there is a seed with both. Axes that change together only (zip, list) have no equal others, hence no row.
 *
 * Throws UsageError for a column that is not there, and for two rows of one seed and setting. Cost: O(cells × axes).
 */
export function pairedDifferences(table: Table, grouping: SeedGrouping): Table {
  const { axes, seed, by } = groupingColumns(table, grouping);
  const measured = measuredColumns(
    table,
    [...axes, seed, ...by].map(({ name }) => name),
  );
  const found = axes.flatMap((axis) => comparisons(axis, [...axes.filter((one) => one !== axis), ...by], seed));
  const text = (name: string, meaning: string, of: (one: Comparison) => Cell): TableColumn => ({
    name,
    type: 'string',
    meaning,
    values: found.map((one) => textOf(of(one))),
  });
  return {
    rows: found.length,
    columns: [
      text('axis', 'what is changed', ({ axis }) => axis.name),
      text('value', 'to what', ({ axis, pairs }) => axis.values[pairs[0]![0]]!),
      text('reference', 'from what', ({ axis, pairs }) => axis.values[pairs[0]![1]]!),
      ...axes.map((column) =>
        columnAt(
          column,
          found.map(({ axis, pairs }) => (axis === column ? null : pairs[0]![0])),
        ),
      ),
      ...by.map((column) =>
        columnAt(
          column,
          found.map(({ pairs }) => pairs[0]![0]),
        ),
      ),
      ...measured.flatMap((column) => {
        const spreads = found.map(({ pairs }) => sampleSpread(differences(column.values, pairs)));
        return statistics.map((statistic) =>
          derivedColumn(
            column,
            statistic,
            spreads.map((spread) => spread[statistic[0]]),
          ),
        );
      }),
    ],
  };
}

/** By value of the axis, in order of appearance, then by what else is equal. */
function comparisons(axis: TableColumn, others: readonly TableColumn[], seed: TableColumn): Comparison[] {
  const { values } = axis;
  const [reference, ...changed] = new Set(values);
  if (changed.length === 0) return [];
  const found = new Map(changed.map((value) => [value, [] as Comparison[]]));
  for (const rows of groupsOf(valuesOf(others), values.length)) {
    const references = new Map(rows.filter((row) => values[row] === reference).map((row) => [seed.values[row]!, row]));
    const pairs = new Map(changed.map((value) => [value, [] as (readonly [number, number])[]]));
    for (const row of rows) {
      const against = references.get(seed.values[row]!);
      if (against !== undefined) pairs.get(values[row]!)?.push([row, against]);
    }
    for (const [value, list] of pairs) if (list.length > 0) found.get(value)!.push({ axis, pairs: list });
  }
  return [...found.values()].flat();
}

const textOf = (cell: Cell): string | null => (cell === null ? null : String(cell));

function differences(values: readonly Cell[], pairs: Comparison['pairs']): number[] {
  return pairs.flatMap(([row, reference]) => {
    const [changed, first] = [values[row] ?? null, values[reference] ?? null];
    return changed === null || first === null ? [] : [(changed as number) - (first as number)];
  });
}
