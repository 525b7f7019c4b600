import type { Cell, Table } from '../table.js';
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

const statistics = [
  ['mean', 'number', 'mean over seeds'],
  ['sd', 'number', 'standard deviation over seeds, with n − 1'],
  ['se', 'number', 'standard error of the mean over seeds, sd/√n'],
  ['n', 'integer', 'seeds with a value'],
] as const;

/**
 * What seeds agree on: rows that agree in the axes and in `by`, gathered, and of each other column of numbers
 * `NAME.mean`, `.sd` (with n − 1), `.se` (sd/√n) and `.n`, the number of seeds with a value; empty where there are too few, for mean none, for sd and se one. The ends of an interval are
 * summarised as the columns they are. A row for each group, in order of first appearance; runs with rows at different steps meet at the steps they share. Sums are in the order of the rows.
 *
 * Throws UsageError for a column that is not there, and for two rows of one seed in a group. Cost: O(cells).
 */
export function summarise(table: Table, grouping: SeedGrouping): Table {
  const { axes, seed, by } = groupingColumns(table, grouping);
  const keys = [...axes, ...by];
  const groups = groupsOf(valuesOf(keys), table.rows);
  const measured = measuredColumns(
    table,
    [...keys, seed].map(({ name }) => name),
  );
  return {
    rows: groups.length,
    columns: [
      ...keys.map((key) =>
        columnAt(
          key,
          groups.map(([first]) => first!),
        ),
      ),
      ...measured.flatMap((column) => {
        const spreads = groups.map((rows) => sampleSpread(presentAt(column.values, rows)));
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

function presentAt(values: readonly Cell[], rows: readonly number[]): number[] {
  return rows.map((row) => values[row] ?? null).filter((cell): cell is number => cell !== null);
}
