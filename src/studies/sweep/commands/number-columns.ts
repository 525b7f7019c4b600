import type { ResultColumn } from '../table.js';

/** Columns of numbers, by their names, with what they mean. */
export const numberColumns = (meanings: Readonly<Record<string, string>>): ResultColumn[] =>
  Object.entries(meanings).map(([name, meaning]) => ({ name, type: 'number', meaning }));
