import type { Row } from './rows.js';

/** A table of rows: what, the paper's value, ours, the verdict, and everything that is shown beside. */
export function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap(({ beside }) => Object.keys(beside)))];
  const head = ['', 'paper', 'ours', 'verdict', ...columns, 'time'];
  const lines = rows.map((row) => [
    row.statement,
    row.paper === null ? '–' : String(row.paper),
    oursOf(row),
    row.verdict === 'outside' ? '**outside**' : row.verdict,
    ...columns.map((column) => shown(row.beside[column])),
    row.seconds === null ? '–' : `${Math.round(row.seconds)} s`,
  ]);
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}

/** Mean and spread; where every value has to meet a bound, all of them. */
export function oursOf({ ours, spread, values, paper }: Row): string {
  if (ours === null || spread === null) return '–';
  if (typeof paper === 'string') return values.map((value) => shown(value)).join(', ');
  return values.length > 1 ? `${shown(ours)} ± ${shown(spread, 1)} (${values.length})` : shown(ours);
}

/** Three digits of a number, at least two of them behind the point near 1. */
function shown(value: string | number | undefined, digits = 3): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e5) return String(Number(value.toPrecision(digits)));
  return value.toExponential(digits - 1);
}

/** Text that cannot end its cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
