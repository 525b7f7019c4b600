import Table from 'cli-table3';
import { plainJson, plainText } from './plain-text.js';

/** stdout carries results only: either one JSON document or text for people. */
export function printJson(document: unknown): void {
  printText(plainJson(`${JSON.stringify(document, null, 2)}\n`));
}

/** A line, whatever is in the text. */
export function printLine(text = ''): void {
  printText(`${plainText(text)}\n`);
}

/** Text that is ours, with line ends of its own. */
export function printText(text: string): void {
  process.stdout.write(text);
}

/** A plain table: a header, a rule, rows; numbers are right-aligned. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const numeric = header.map((_, i) => rows.every((row) => /^[-+\d.(–]/.test(row[i] ?? '')));
  const table = new Table({
    head: [...header],
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => row.map(plainText)));
  for (const line of table.toString().split('\n')) printLine(`  ${line}`.trimEnd());
}

/** Six significant digits, in the shorter of the plain and the scientific form. */
export function short(value: number, digits = 6): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e6) return String(Number(value.toPrecision(digits)));
  return value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
}

/** An interval as one number where all of it is that to so many digits, else with its ends rounded outwards: what is shown contains it. */
export function interval({ lower, upper }: { readonly lower: number; readonly upper: number }, digits = 6): string {
  const [low, high] = [short(lower, digits), short(upper, digits)];
  return low === high
    ? low
    : `${short(outwards(lower, -1, digits), digits)}–${short(outwards(upper, 1, digits), digits)}`;
}

/** The nearest number of so many digits that is not above x (direction −1), or not below it (+1). */
function outwards(x: number, direction: 1 | -1, digits: number): number {
  const nearest = Number(x.toPrecision(digits));
  if (direction * (nearest - x) >= 0) return nearest;
  const exponent = Number(x.toExponential().split('e')[1]);
  return nearest + direction * 10 ** (exponent - digits + 1);
}

/** A mean with its standard error, where that is known. */
export function meanOf({
  mean,
  standardError,
}: {
  readonly mean: number;
  readonly standardError: number | null;
}): string {
  return standardError === null ? short(mean, 4) : `${short(mean, 4)} ± ${short(standardError, 2)}`;
}
