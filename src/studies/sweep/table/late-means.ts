import { batchMeans } from '../../../numeric/statistics/batch-means.js';
import type { Table } from '../table.js';
import {
  columnAt,
  derivedColumn,
  groupingColumns,
  groupsOf,
  measuredColumns,
  valuesOf,
  type SeedGrouping,
} from './groups.js';

/** Which rows are late ones. */
export interface LateMeansOptions extends Omit<SeedGrouping, 'by'> {
  /** The first step that counts. */
  readonly from: number;
  /** The column of the step; `step` if it is not said. */
  readonly step?: string;
}

const statistics = [
  ['mean', 'number', 'mean of the late records'],
  ['se', 'number', 'its standard error by batch means'],
  ['n', 'integer', 'late records with a value'],
  ['last', 'number', 'the last value'],
] as const;

/**
 * Each run late in training: a row for each setting and seed, and of each other column of numbers over its rows from step `from` on, in order of steps: `NAME.mean`, `.se`, the standard error by batch
 * means (`batchMeans`), which allows for records that depend on each other, `.n`, and `.last`, the last value there is. Empty where there is none, se for series too short to tell. `summarise` of it
 * gives the spread over seeds.
 *
 * Throws UsageError for a column that is not there, and for two rows of one step of a run. Cost: that of `batchMeans` for each run and column.
 */
export function lateMeans(table: Table, { axes, seed, from, step = 'step' }: LateMeansOptions): Table {
  const columns = groupingColumns(table, { axes, seed, by: [step] });
  const keys = [...columns.axes, columns.seed];
  const runs = groupsOf(valuesOf(keys), table.rows);
  const steps = columns.by[0]!.values as readonly (number | null)[];
  const late = runs.map((rows) =>
    rows.filter((row) => (steps[row] ?? -Infinity) >= from).sort((a, b) => steps[a]! - steps[b]!),
  );
  return {
    rows: runs.length,
    columns: [
      ...keys.map((key) =>
        columnAt(
          key,
          runs.map(([first]) => first!),
        ),
      ),
      ...measuredColumns(table, [...axes, seed, step]).flatMap((column) => {
        const found = late.map((rows) => {
          const values = rows.map((row) => column.values[row] ?? null).filter((cell): cell is number => cell !== null);
          if (values.length === 0) return { mean: null, se: null, n: 0, last: null };
          const { mean, standardError } = batchMeans(values);
          return { mean, se: standardError, n: values.length, last: values.at(-1)! };
        });
        return statistics.map((statistic) =>
          derivedColumn(
            column,
            statistic,
            found.map((one) => one[statistic[0]]),
          ),
        );
      }),
    ],
  };
}
