import { UsageError } from '../../../errors.js';
import type { Cell, ResultColumn, Table } from '../table.js';
import { checkTable } from './check-table.js';
import { csvBoolean, csvNumber } from './csv-syntax.js';

/** V8's longest string. */
const longest = 2 ** 29 - 24;

/**
 * A table as CSV (RFC 4180, lines end with CR LF), a header and a line a row, which `readTable` reads back with its types:
 * numbers in the fewest digits that give them back, with a point or an exponent in a column of numbers (1.0), without in one of integers (1), and NaN, Infinity, -Infinity; true and false;
 * nothing for null, "" for the empty text. Text stands as it is, in quotes where it holds a comma, a quote or a line break, or would be taken for one of those. Text that begins with
 * = + - or @ is data: it is not altered, though a spreadsheet may take it for a formula.
 *
 * Throws UsageError for a table that is none (`checkTable`) or makes more than 2²⁹ characters: write it as Parquet. Cost: O(cells).
 */
export function tableCsv(table: Table): string {
  checkTable(table);
  const columns = table.columns.map(({ type, values }) => ({ values, text: texts[type] }));
  const lines = [table.columns.map(({ name }) => plainText(name)).join(',')];
  const cells: string[] = [];
  let length = lines[0]!.length + 2;
  for (let row = 0; row < table.rows; row++) {
    columns.forEach(({ values, text }, i) => {
      const cell = values[row] ?? null;
      cells[i] = cell === null ? '' : text(cell);
    });
    const line = cells.join(',');
    lines.push(line);
    length += line.length + 2;
    if (length > longest) throw new UsageError(`${table.rows} rows are too many for a CSV file; write them as Parquet`);
  }
  lines.push('');
  return lines.join('\r\n');
}

const inQuotes = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const plainText = (text: string): string => (/[",\r\n]/.test(text) ? inQuotes(text) : text);

const texts: Readonly<Record<ResultColumn['type'], (cell: NonNullable<Cell>) => string>> = {
  number: (cell) => {
    const text = Object.is(cell, -0) ? '-0' : String(cell);
    return Number.isInteger(cell) && !text.includes('e') ? `${text}.0` : text;
  },
  integer: String,
  boolean: String,
  string: (cell) => {
    const text = cell as string;
    const isTaken = text === '' || csvNumber(text) !== undefined || csvBoolean(text) !== undefined;
    return isTaken ? inQuotes(text) : plainText(text);
  },
};
