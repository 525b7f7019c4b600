import { DataError } from '../errors.js';
import { readCsv, type CsvFile } from '../files/csv-file.js';
import { fileName, openedArrays } from './array-dataset.js';
import type { ArrayDataSet } from './data-set.js';

/** A table of numbers, one column of which is to be predicted. */
export interface CsvSource {
  readonly kind: 'csv';
  readonly file: string;
  /** The name of that column; the last one if left out. */
  readonly column?: string;
}

export const csv: ArrayDataSet<CsvSource> = {
  name: 'csv',
  pattern: 'csv:FILE[,COLUMN]',
  where: 'the file, the name of the target',
  help: 'a table of numbers, separated by commas, with or without a header; the last column, or the one named, is the target: classes if all are written as integers ≥ 0, else numbers',
  isSampled: false,
  parse(argument = '') {
    const [file, column, ...rest] = argument.split(',');
    if (file === '' || column === '' || rest.length > 0) return undefined;
    return { kind: 'csv', file: file!, ...(column !== undefined && { column }) };
  },
  extent: () => undefined,
  files: ({ file }) => [file],
  open({ file, column }) {
    const table = readCsv(file);
    const target = targetOf(table, file, column);
    const y = table.column(target);
    const arrays = {
      name: fileName(file),
      x: table.without(target),
      y: y.least < 0 ? { ...y, kind: 'float' as const } : y,
      origin: {
        kind: 'files' as const,
        source: `csv:${file}${column === undefined ? '' : `,${column}`}`,
        split: 'train' as const,
        checksums: [table.sha256],
      },
    };
    return openedArrays(arrays, null);
  },
};

function targetOf({ header, columns }: CsvFile, file: string, column: string | undefined): number {
  if (column === undefined) return columns - 1;
  const found = (header ?? []).flatMap((name, j) => (name === column ? [j] : []));
  if (found.length === 1) return found[0]!;
  throw new DataError(
    `${file} has ${found.length === 0 ? 'no column' : 'several columns'} '${column}'; ` +
      (header === null ? 'it has no header: its last column is the target' : `its columns are ${header.join(', ')}`),
  );
}
