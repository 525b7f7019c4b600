import { UsageError } from '../../errors.js';
import type { TrainRun } from '../train-run.js';
import type { Column, Interval, Observable } from './observable.js';

/** A column with its id and what it means, of any record that has what it reads. */
export type NamedColumn = Column<never> & { readonly id: string; readonly meaning: string };

/** All columns of a list of observables. */
export function columnsOf(list: readonly Observable[]): NamedColumn[] {
  return list.flatMap(({ meaning, columns = {} }) =>
    Object.entries(columns).map(([id, column]) => ({
      ...column,
      id,
      meaning: (column.meaning ?? meaning).split(';')[0]!,
    })),
  );
}

/** The columns with these ids, in their order; those that are shown if nothing is chosen. Throws UsageError for an id that is none. */
export function chosenColumns(list: readonly Observable[], ids?: readonly string[]): NamedColumn[] {
  const all = columnsOf(list);
  if (ids === undefined) return all.filter(({ isShown }) => isShown);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) throw new UsageError(`the column '${twice}' was asked for twice; name each once`);
  return ids.map((id) => {
    const column = all.find((one) => one.id === id);
    if (column !== undefined) return column;
    throw new UsageError(`records have no column '${id}'; choose some of ${all.map((one) => one.id).join(', ')}`);
  });
}

export function headingOf({ heading }: NamedColumn, run: TrainRun): string {
  return typeof heading === 'string' ? heading : heading(run);
}

/** What a column says of a record of a run. */
export function readingOf(column: NamedColumn, record: object, run: TrainRun): number | Interval | null {
  return 'of' in column ? column.of(record as never, run) : column.within(record as never, run);
}

/** Columns of records as CSV (RFC 4180), every number to full precision, an interval as `id.lower,id.upper`; empty where there is none. */
export function recordsCsv(
  { run, records }: { readonly run: TrainRun; readonly records: readonly object[] },
  columns: readonly NamedColumn[],
): string {
  const header = columns.flatMap((column) =>
    'of' in column ? [column.id] : [`${column.id}.lower`, `${column.id}.upper`],
  );
  const rows = records.map((record) =>
    columns.flatMap((column) => {
      const reading = readingOf(column, record, run);
      if (typeof reading === 'number') return [reading];
      return 'of' in column ? [''] : [reading?.lower ?? '', reading?.upper ?? ''];
    }),
  );
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
