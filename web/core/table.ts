import { short } from '../../src/numeric/short-number.js';
import { element } from './element.js';

export type ChartCell = string | number | null;

/** What a chart draws, in full: its CSV, and its table for those who do not see it. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ChartCell[])[];
}

const most = 500;

/** The table as HTML, its first rows where it is long. */
export function tableElement({ columns, rows }: ChartTable): HTMLElement {
  const cells = (tag: 'td' | 'th', row: readonly ChartCell[]): HTMLElement =>
    element('tr', {}, ...row.map((cell) => element(tag, {}, typeof cell === 'number' ? short(cell) : (cell ?? '–'))));
  const more = rows.length - most;
  return element(
    'div',
    { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'table' },
    element(
      'table',
      {},
      element('thead', {}, cells('th', columns)),
      element('tbody', {}, ...rows.slice(0, most).map((row) => cells('td', row))),
    ),
    ...(more > 0 ? [element('p', {}, `… and ${more} rows more in the CSV`)] : []),
  );
}
