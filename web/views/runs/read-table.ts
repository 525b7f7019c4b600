import type { Table } from '../../../src/studies/sweep/table.js';
import { tableOfCsv } from '../../../src/studies/sweep/table/csv-read.js';
import { tableOfParquet } from '../../../src/studies/sweep/table/parquet-read.js';
import { bytesOf, type FileHandle } from './run-file.js';

/** Bytes of CSV that are read; what follows is left out. */
const mostCsv = 2 ** 24;
const mostParquet = 2 ** 28;

/** The table of a file, and what was not read of it. Rejects with DataError for one that is damaged, in the words of `readTable`. */
export async function readTableFile(
  file: FileHandle,
): Promise<{ readonly table: Table; readonly notes: readonly string[] }> {
  const { path, bytes: size } = file;
  const begins = new TextDecoder('latin1').decode(await bytesOf(file, 0, Math.min(4, size)));
  if (begins.startsWith('\x1f\x8b')) throw new Error(`${path} is compressed by gzip: unpack it first`);
  if (begins === 'PAR1') {
    if (size > mostParquet)
      throw new Error(`${path} has ${size} bytes; this page reads ${mostParquet} of a Parquet file at most`);
    return { table: await tableOfParquet(await bytesOf(file), path), notes: [] };
  }
  if (/\.parquet$/i.test(path)) throw new Error(`${path} is damaged: it does not begin as a Parquet file does (PAR1)`);
  if (size <= mostCsv) return { table: tableOfCsv(await bytesOf(file), path), notes: [] };
  const head = await bytesOf(file, 0, mostCsv);
  const whole = head.subarray(0, head.lastIndexOf(0x0a) + 1);
  const table = tableOfCsv(whole, path);
  return {
    table,
    notes: [`${path} has ${size} bytes: its first ${table.rows} rows are read and drawn, and not what follows`],
  };
}
