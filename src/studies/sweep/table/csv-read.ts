import { DataError } from '../../../errors.js';
import type { Cell, Table } from '../table.js';
import { csvBoolean, csvInteger, csvNumber } from './csv-syntax.js';

/** The cells of a column as they are written; null where there is nothing between the commas. Quoted text keeps its opening quote. */
type Written = (string | null)[];
type Fail = (problem: string, cause?: unknown) => never;

/**
 * The table that a CSV file holds (RFC 4180, lines that end with CR LF or LF, the first with the names), each column of the narrowest type of all its cells:
 * boolean (true, false), integer (no point, no exponent), number (NaN and Infinity too), else string. What stands in quotes is text, nothing is null, and a column of nothing else one of numbers.
 *
 * Throws DataError, naming the line, for bytes that are no UTF-8, lines of another length than the first, quotes out of place, names that are missing or come twice, integers beyond ±2⁵³, and
 * a last line that does not end: the file was cut off. Cost: O(bytes).
 */
export function tableOfCsv(bytes: Uint8Array, path: string): Table {
  const fail: Fail = (problem, cause) => {
    throw new DataError(`${path}: ${problem}`, { cause });
  };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail(`it is no CSV file in UTF-8 (${(cause as Error).message})`, cause);
  }
  const { columns, rows } = cellsOf(text, fail);
  const names = columns.map((written) => textOf(written.shift() ?? ''));
  names.forEach((name, i) => {
    const problem = name === '' ? 'it has no name' : names.indexOf(name) < i ? `'${name}' comes twice` : '';
    if (problem !== '') fail(`line 1, column ${i + 1}: ${problem}; each column needs a name of its own`);
  });
  return {
    rows: rows - 1,
    columns: columns.map((written, i) => ({
      name: names[i]!,
      meaning: '',
      ...typed(written, (problem) => fail(`column '${names[i]}': ${problem}`)),
    })),
  };
}

/** The cells of all lines, the header among them, by columns. */
function cellsOf(text: string, fail: Fail): { readonly columns: Written[]; readonly rows: number } {
  if (text === '') return fail('it is empty; the first line names the columns');
  const columns: Written[] = [];
  const cell = /"[^"]*(?:""[^"]*)*"|[^",\r\n]*/y;
  let [at, rows, line] = [0, 0, 1];
  while (at < text.length) {
    let column = 0;
    for (let isNext = true; isNext; column++) {
      cell.lastIndex = at;
      const [written] = cell.exec(text)!;
      at += written.length;
      if (rows === 0) columns.push([]);
      if (column === columns.length) return fail(`line ${line} has more cells than the first, ${columns.length}`);
      columns[column]!.push(written.startsWith('"') ? `"${unquoted(written)}` : written === '' ? null : written);
      if (written.includes('\n')) line += written.split('\n').length - 1;
      isNext = text[at] === ',';
      if (isNext) at++;
    }
    if (at === text.length)
      return fail(`it was cut off: line ${line} does not end; if it is whole, end it with a line break`);
    const end = text[at] === '\n' ? 1 : text.startsWith('\r\n', at) ? 2 : 0;
    if (end === 0)
      return fail(
        `line ${line}, column ${column}: a quote or line break out of place; put the whole cell in quotes, and double those in it`,
      );
    if (column < columns.length) return fail(`line ${line} has ${column} cells, the first ${columns.length}`);
    at += end;
    [rows, line] = [rows + 1, line + 1];
  }
  return { columns, rows };
}

const unquoted = (written: string): string => written.slice(1, -1).replaceAll('""', '"');
const textOf = (written: string): string => (written.startsWith('"') ? written.slice(1) : written);

function typed(written: Written, fail: Fail): Pick<Table['columns'][number], 'type' | 'values'> {
  /** The cells if all mean something; undefined at the first that does not. */
  const read = <T>(of: (cell: string) => T | undefined): (T | null)[] | undefined => {
    const values: (T | null)[] = [];
    for (const cell of written) {
      const value = cell === null ? null : of(cell);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
  if (written.every((cell) => cell === null)) return { type: 'number', values: written };
  const booleans = read(csvBoolean);
  if (booleans !== undefined) return { type: 'boolean', values: booleans };
  const integers = read(csvInteger);
  if (integers !== undefined) {
    const beyond = integers.find((value) => value !== null && (value > 2n ** 53n || value < -(2n ** 53n)));
    if (typeof beyond === 'bigint')
      return fail(`${beyond} is beyond ±2⁵³, where integers are no longer exact; write it with a point, or in quotes`);
    return { type: 'integer', values: integers.map((value) => (value === null ? null : Number(value))) };
  }
  const numbers = read(csvNumber);
  if (numbers !== undefined) return { type: 'number', values: numbers };
  return { type: 'string', values: written.map((cell): Cell => (cell === null ? null : textOf(cell))) };
}
