import { parquetMetadata, parquetScan, type FileMetaData, type SchemaElement } from 'hyparquet';
import { DataError } from '../../../errors.js';
import type { Cell, ResultColumn, Table } from '../table.js';
import { meaningKey } from './parquet-format.js';
import { parquetIsIntact } from './parquet-seal.js';

/**
 * The table that a Parquet file holds: DOUBLE and FLOAT columns are numbers, INT64 and INT32 integers, UTF-8 strings, BOOLEAN booleans.
 * Throws DataError for other columns, integers beyond ±2⁵³ and damage; of a file of `tableParquet` any, by its seal. Cost: O(bytes).
 */
export async function tableOfParquet(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<Table> {
  if (!parquetIsIntact(bytes))
    throw new DataError(`${path} was altered since it was written: its SHA-256 is another; write it again`);
  try {
    return await decoded(bytes, parquetMetadata(bytes, { geoparquet: false }));
  } catch (cause) {
    const problem = (cause as Error).message;
    if (cause instanceof DataError) throw new DataError(`${path}: ${problem}`, { cause });
    throw new DataError(`${path} is damaged, or no Parquet file of plain columns (${problem})`, { cause });
  }
}

/** A byte order mark is part of a text. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const parsers = { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && utf8.decode(bytes) };

async function decoded(bytes: Uint8Array<ArrayBuffer>, metadata: FileMetaData): Promise<Table> {
  const file = {
    byteLength: bytes.byteLength,
    slice: (start: number, end?: number): ArrayBuffer => bytes.slice(start, end).buffer,
  };
  const meanings = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
  const rows = Number(metadata.num_rows);
  const [, ...leaves] = metadata.schema;
  if (new Set(leaves.map(({ name }) => name)).size < leaves.length || leaves.length === 0)
    throw new DataError('it has no columns, or two of one name; each needs a name of its own');
  const columns: Table['columns'][number][] = [];
  const scan = await parquetScan({ file, metadata, geoparquet: false, parsers });
  for (const element of leaves) {
    const { name } = element;
    const type = typeOf(element);
    const values: Cell[] = [];
    for (const range of scan.ranges)
      for (const value of await scan.readColumn({ column: name, ...range })) values.push(cellOf(value, type, name));
    if (values.length !== rows)
      throw new DataError(`the column '${name}' has ${values.length} cells, the file ${rows} rows`);
    columns.push({ name, type, meaning: meanings.get(meaningKey(name)) ?? '', values });
  }
  return { columns, rows };
}

function typeOf({
  name,
  type,
  converted_type: converted,
  logical_type: logical,
  repetition_type: repetition,
  num_children: children,
}: SchemaElement): ResultColumn['type'] {
  const isText = converted === 'UTF8' || logical?.type === 'STRING';
  const isPlain = converted === undefined && logical === undefined;
  if (children === undefined && repetition !== 'REPEATED') {
    if (isPlain && (type === 'DOUBLE' || type === 'FLOAT')) return 'number';
    if (
      (type === 'INT64' || type === 'INT32') &&
      (isPlain || converted?.startsWith('INT_') || logical?.type === 'INTEGER')
    )
      return 'integer';
    if (type === 'BYTE_ARRAY' && isText) return 'string';
    if (isPlain && type === 'BOOLEAN') return 'boolean';
  }
  throw new DataError(
    `the column '${name}' is ${converted ?? logical?.type ?? type ?? 'a group'}; a table has DOUBLE, FLOAT, INT64, INT32, BOOLEAN and UTF-8 columns`,
  );
}

function cellOf(value: unknown, type: ResultColumn['type'], name: string): Cell {
  if (value === null || value === undefined) return null;
  if (type !== 'integer') return value as Cell;
  const whole = BigInt(value as bigint | number);
  if (whole <= 2n ** 53n && whole >= -(2n ** 53n)) return Number(whole);
  throw new DataError(
    `the column '${name}' holds ${whole}, beyond ±2⁵³, where integers are no longer exact; make it a DOUBLE`,
  );
}
