import type { Cell } from '../table.js';

/** Columns along which a run is recorded. */
export const runAxes = ['step', 'time'];

/** The rows of each key, in the order of their first. */
export function rowGroups(rows: readonly number[], key: (row: number) => string): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const row of rows) {
    const own = all.get(key(row));
    if (own === undefined) all.set(key(row), [row]);
    else own.push(row);
  }
  return all;
}

/** Whether rows of one key have one value. */
export function isFunctionOf(
  rows: readonly number[],
  key: (row: number) => string,
  value: (row: number) => Cell,
): boolean {
  const found = new Map<string, Cell>();
  return rows.every((row) => {
    const [at, own] = [key(row), value(row)];
    if (!found.has(at)) found.set(at, own);
    return found.get(at) === own;
  });
}
