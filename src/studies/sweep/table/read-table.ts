import { DataError } from '../../../errors.js';
import { readDataFile } from '../../../files/read-data-file.js';
import type { Table } from '../table.js';
import { tableOfCsv } from './csv-read.js';
import { tableOfParquet } from './parquet-read.js';

/** 4 GiB, more than any table that fits in memory. */
const largest = 2 ** 32;

/**
 * Reads a table from a Parquet or a CSV file, told apart by content, plain or gzip. What `tableParquet` and `tableCsv` wrote comes back as it was; of CSV without
 * the meanings, and columns of nothing but nulls as columns of numbers. Types are those of the Parquet file; in CSV the narrowest that fits all cells, and what stands in quotes is text.
 *
 * Throws DataError for a file that is missing, damaged or cut off, or has columns of other types. Cost: O(bytes).
 */
export async function readTable(path: string): Promise<Table> {
  const bytes = readDataFile(path, largest);
  const begins = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (begins === 'PAR1') return tableOfParquet(bytes as Uint8Array<ArrayBuffer>, path);
  if (/\.parquet$/i.test(path))
    throw new DataError(`${path} is damaged: it does not begin as a Parquet file does (PAR1)`);
  return tableOfCsv(bytes, path);
}
