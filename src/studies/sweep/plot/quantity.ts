import { UsageError } from '../../../errors.js';
import { nearestName } from '../nearest-name.js';
import type { Cell, Table } from '../table.js';

/** Both ends of what a row says of a quantity; the same where it is one number. */
export interface Ends {
  readonly lower: number;
  readonly upper: number;
}

/** What is drawn of a table: a column of numbers, or the two columns `name.lower` and `name.upper`. */
export interface Quantity {
  readonly name: string;
  readonly meaning: string;
  readonly isInterval: boolean;
  /** Of the i-th row; null where it has none, or none that is finite. */
  readonly at: (row: number) => Ends | null;
}

type Column = Table['columns'][number];

/** The column of that name, or undefined. */
export function findColumn({ columns }: Table, name: string): Column | undefined {
  return columns.find((one) => one.name === name);
}

/** The column of that name. Throws UsageError with the nearest name and all there are. */
export function columnCalled(table: Table, name: string): Column {
  return (
    findColumn(table, name) ??
    unknown(
      name,
      table.columns.map((one) => one.name),
    )
  );
}

/**
 * The quantity of that name, an interval where there are `name.lower` and `name.upper` in place of `name`. Throws UsageError with the nearest name and all there are, and for a
 * column of anything but numbers.
 */
export function quantityCalled(table: Table, name: string): Quantity {
  const names = table.columns.map((one) => one.name.replace(/\.(lower|upper)$/, ''));
  return findQuantity(table, name) ?? unknown(name, [...new Set(names)]);
}

/** The same, or undefined where there is none of that name. */
export function findQuantity(table: Table, name: string): Quantity | undefined {
  const own = findColumn(table, name);
  if (own !== undefined) {
    const value = numbersOf(own);
    return { name, meaning: phrase(own), isInterval: false, at: (row) => endsOf(value(row), value(row)) };
  }
  const [lower, upper] = ['lower', 'upper'].map((end) => findColumn(table, `${name}.${end}`));
  if (lower === undefined || upper === undefined) return undefined;
  const [low, high] = [numbersOf(lower), numbersOf(upper)];
  return {
    name,
    meaning: phrase(lower).replace(/: lower end$/, ''),
    isInterval: true,
    at: (row) => endsOf(low(row), high(row)),
  };
}

/** In words, without what follows a semicolon. */
const phrase = ({ meaning }: Column): string => meaning.split(';')[0]!;

function numbersOf({ name, type, values }: Column): (row: number) => number | null {
  if (type === 'number' || type === 'integer') return (row) => values[row] as number | null;
  const example = values.find((cell) => cell !== null);
  throw new UsageError(
    `'${name}' is a column of ${type === 'string' ? 'texts' : 'truth values'}${example === undefined ? '' : `, for example '${example}'`}, and only numbers can be drawn; choose a column of numbers, or use it as --x, --color or --facet`,
  );
}

const endsOf = (lower: number | null, upper: number | null): Ends | null =>
  Number.isFinite(lower) && Number.isFinite(upper) ? { lower: lower!, upper: upper! } : null;

function unknown(name: string, all: readonly string[]): never {
  const nearest = nearestName(name, all);
  throw new UsageError(
    `the table has no column '${name}'; ${nearest === undefined ? 'it' : `did you mean '${nearest}'? It`} has ${all.join(', ')}`,
  );
}

/** A cell as text. */
export function cellText(cell: Cell): string {
  return cell === null ? 'none' : String(cell);
}

/** The different cells of a column, numbers in order, others as they come, none last. */
export function distinct(cells: readonly Cell[]): Cell[] {
  const all = [...new Set(cells)];
  const numbers = all.filter((cell) => typeof cell === 'number').sort((a, b) => a - b);
  return [
    ...numbers,
    ...all.filter((cell) => typeof cell !== 'number' && cell !== null),
    ...all.filter((cell) => cell === null),
  ];
}

/** `0.05, 0.1, …`: the first few of them. */
export function cellList(cells: readonly Cell[], most = 8): string {
  const texts = cells.slice(0, most).map(cellText);
  return `${texts.join(', ')}${cells.length > most ? `, … (${cells.length})` : ''}`;
}
