import Table from 'cli-table3';
import { short } from '../numeric/short-number.js';
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
