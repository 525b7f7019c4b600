import type { ResultColumn } from '../table.js';

/** What columns are in a Parquet file. */
export const parquetTypes = {
  number: 'DOUBLE',
  integer: 'INT64',
  string: 'STRING',
  boolean: 'BOOLEAN',
} as const satisfies Record<ResultColumn['type'], string>;

/** Keys of a Parquet file's metadata. */
export const metadataKeys = {
  meaning: (column: string): string => `meaning:${column}`,
  sha256: 'tiny-subspace.sha256',
} as const;
