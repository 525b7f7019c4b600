import { DataError } from '../errors.js';
import { heldArray, type NumberArray } from './number-array.js';
import { readDataFile } from './read-data-file.js';
import { sha256Of } from './sha256.js';

/** A table of numbers. */
export interface CsvFile {
  /** Names of the columns; null without a header. */
  readonly header: readonly string[] | null;
  readonly rows: number;
  readonly columns: number;
  /** One column, of integers where all its entries are written so. */
  readonly column: (index: number) => NumberArray;
  /** All but one. */
  readonly without: (index: number) => NumberArray;
  readonly sha256: string;
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const integer = /^[+-]?\d+$/;

/**
 * Reads a table of numbers: a row a line, separated by commas, the first line perhaps with the names of the columns; plain or gzip, UTF-8, at most 256 MiB.
 * Throws DataError, naming line and column, for anything that is no finite number and for rows of another length. Cost: O(bytes).
 */
export function readCsv(path: string): CsvFile {
  const bytes = readDataFile(path);
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = fieldsOf(lines[0] ?? '');
  const header = first.every((field) => number.test(field))
    ? null
    : first.map((field) => field.replace(/^"(.*)"$/, '$1'));
  const [skipped, columns] = [header === null ? 0 : 1, first.length];
  const rows = lines.length - skipped;
  const named = (column: number): string => `column ${column + 1}${header === null ? '' : ` (${header[column]})`}`;
  if (rows < 1) throw new DataError(`${path} holds no row of numbers`);
  if (columns < 2)
    throw new DataError(
      `${path}: line 1 has one column; at least two are needed, separated by commas: inputs and target`,
    );
  const table = new Float64Array(rows * columns);
  const written = new Uint8Array(columns).fill(1);
  for (let i = 0; i < rows; i++) {
    const [line, fields] = [i + skipped + 1, fieldsOf(lines[i + skipped]!)];
    if (fields.length !== columns) {
      throw new DataError(
        `${path}: line ${line} has ${fields.length} columns, line 1 has ${columns}; every row must have as many`,
      );
    }
    fields.forEach((field, j) => {
      const value = number.test(field) ? Number(field) : NaN;
      if (!Number.isFinite(value)) {
        throw new DataError(`${path}: line ${line}, ${named(j)}: '${field.slice(0, 40)}' is no finite number`);
      }
      if (!integer.test(field)) written[j] = 0;
      table[i * columns + j] = value;
    });
  }
  return {
    header,
    rows,
    columns,
    column: (index) =>
      heldArray(
        {
          name: `${path}: ${named(index)}`,
          kind: written[index] === 1 ? 'integer' : 'float',
          isByte: false,
          shape: [rows],
        },
        table.filter((_, at) => at % columns === index),
      ),
    without: (index) =>
      heldArray(
        { name: path, kind: 'float', isByte: false, shape: [rows, columns - 1] },
        table.filter((_, at) => at % columns !== index),
      ),
    sha256: sha256Of(bytes),
  };
}

const fieldsOf = (line: string): string[] => line.split(',').map((field) => field.trim());
