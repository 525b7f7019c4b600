import type { ResultColumn } from '../table.js';

/** What columns are in a Parquet file. */
export const parquetTypes = {
  number: 'DOUBLE',
  integer: 'INT64',
  string: 'STRING',
  boolean: 'BOOLEAN',
} as const satisfies Record<ResultColumn['type'], string>;

/** The key of a column's meaning in the metadata of a Parquet file. */
export const meaningKey = (column: string): string => `meaning:${column}`;
