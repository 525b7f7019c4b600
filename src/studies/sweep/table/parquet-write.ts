import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, Table } from '../table.js';
import { checkTable } from './check-table.js';
import { meaningKey, parquetTypes } from './parquet-format.js';
import { sealEntry, sealParquet } from './parquet-seal.js';

/**
 * A table as a Parquet file: DOUBLE, INT64, UTF-8 and BOOLEAN columns that may hold nulls, pages compressed with Snappy, row groups of 10⁵ rows. NaN, ±Infinity and −0 are
 * numbers and come back; −0 among integers is 0. The key-value metadata hold the meaning of each column (`meaning:NAME`) and last (`seal`) the SHA-256 of the file, its own digits as zeros,
 * against which `readTable` holds it. The same table gives the same bytes.
 *
 * Throws UsageError for a table that is none (`checkTable`). Cost: O(cells).
 */
export function tableParquet(table: Table): Uint8Array {
  checkTable(table);
  const buffer = parquetWriteBuffer({
    columnData: table.columns.map(({ name, type, values }) => ({
      name,
      type: parquetTypes[type],
      data: type === 'integer' ? values.map(int64) : (values as Cell[]),
      ...(type === 'number' && { encoding: 'PLAIN' as const }), // a dictionary takes −0 for 0
    })),
    codec: 'SNAPPY',
    rowGroupSize: 100_000,
    createdBy: 'tiny-subspace',
    kvMetadata: [...table.columns.map(({ name, meaning }) => ({ key: meaningKey(name), value: meaning })), sealEntry],
  });
  return sealParquet(new Uint8Array(buffer));
}

const int64 = (cell: Cell): bigint | null => (cell === null ? null : BigInt(cell));
