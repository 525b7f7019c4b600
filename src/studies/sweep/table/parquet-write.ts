import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Cell, Table } from '../table.js';
import { checkTable } from './check-table.js';
import { metadataKeys, parquetTypes } from './parquet-format.js';
import { tableSha256 } from './table-sha256.js';

/**
 * A table as a Parquet file: DOUBLE, INT64, UTF-8 and BOOLEAN columns that may hold nulls, pages compressed with Snappy, row groups of 10⁵ rows. NaN, ±Infinity and −0 are
 * numbers and come back; −0 among integers is 0. The key-value metadata hold the meaning of each column (`meaning:NAME`) and the SHA-256 of the table (`tableSha256`), against which
 * `readTable` holds what it reads. The same table gives the same bytes.
 *
 * Throws UsageError for a table that is none (`checkTable`). Cost: O(cells).
 */
export function tableParquet(table: Table): Uint8Array {
  checkTable(table);
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: table.columns.map(({ name, type, values }) => ({
        name,
        type: parquetTypes[type],
        data: type === 'integer' ? values.map(int64) : (values as Cell[]),
        ...(type === 'number' && { encoding: 'PLAIN' as const }), // a dictionary takes −0 for 0
      })),
      codec: 'SNAPPY',
      rowGroupSize: 100_000,
      createdBy: 'tiny-subspace',
      kvMetadata: [
        ...table.columns.map(({ name, meaning }) => ({ key: metadataKeys.meaning(name), value: meaning })),
        { key: metadataKeys.sha256, value: tableSha256(table) },
      ],
    }),
  );
}

const int64 = (cell: Cell): bigint | null => (cell === null ? null : BigInt(cell));
