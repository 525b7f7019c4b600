import { createHash } from 'node:crypto';
import type { Table } from '../table.js';

/**
 * SHA-256, in hexadecimal digits, of what a table holds: of every column the JSON of [name, type, meaning] and its cells: where there are some, and then numbers as
 * IEEE doubles (0 for null), others as JSON. Equal exactly for equal tables, −0 told apart from 0. Cost: O(cells).
 */
export function tableSha256({ columns }: Table): string {
  const hash = createHash('sha256');
  for (const { name, type, meaning, values } of columns) {
    hash.update(`${JSON.stringify([name, type, meaning, values.length])}\n`);
    hash.update(Uint8Array.from(values, (cell) => (cell === null ? 0 : 1)));
    if (type === 'number' || type === 'integer')
      hash.update(new Uint8Array(Float64Array.from(values, (cell) => cell as number).buffer));
    else hash.update(JSON.stringify(values));
  }
  return hash.digest('hex');
}
