import fc from 'fast-check';
import type { Cell, ResultColumn, Table } from '../../../../src/studies/sweep/table.js';

/** A table of columns that are written short: 'name:type', cells. */
export const tableOf = (columns: Readonly<Record<string, readonly Cell[]>>): Table => ({
  rows: Object.values(columns)[0]!.length,
  columns: Object.entries(columns).map(([key, values]) => {
    const [name, type] = key.split(':') as [string, ResultColumn['type']];
    return { name, type, meaning: `meaning of ${name}`, values };
  }),
});

/** The cells of a column. */
export const cells = (table: Table, name: string): readonly Cell[] =>
  table.columns.find((column) => column.name === name)!.values;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '1',
    '-1.5e-3',
    'true',
    'False',
    'NaN',
    '-inf',
    '=1+2',
    '+a',
    '@b',
    '-',
    'a,b',
    '"',
    '""',
    '\r',
    '\n',
    ' 1',
    '\uFEFF',
  ),
);
const head = text.filter((one) => !one.startsWith('\uFEFF'));
const cellsOf: Readonly<Record<ResultColumn['type'], fc.Arbitrary<Cell>>> = {
  number: fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, 1e-320, 5e-324, 2 ** 53, 1e21, Number.MAX_VALUE, 0.1),
  ),
  integer: fc.oneof(fc.integer(), fc.constantFrom(0, 2 ** 53, -(2 ** 53), 2 ** 53 - 1), fc.maxSafeInteger()),
  string: text,
  boolean: fc.boolean(),
};

/** Any table of up to 6 columns and 12 rows. */
export const anyTable: fc.Arbitrary<Table> = fc
  .record({
    rows: fc.integer({ min: 0, max: 12 }),
    heads: fc.uniqueArray(
      fc.record({
        name: head.filter((name) => name !== ''),
        type: fc.constantFrom('number', 'integer', 'string', 'boolean' as const),
        meaning: head,
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 6 },
    ),
  })
  .chain(({ rows, heads }) =>
    fc
      .tuple(
        ...heads.map(({ type }) =>
          fc.array(fc.oneof({ weight: 4, arbitrary: cellsOf[type] }, { weight: 1, arbitrary: fc.constant(null) }), {
            minLength: rows,
            maxLength: rows,
          }),
        ),
      )
      .map((values) => ({
        rows,
        columns: heads.map((head, i) => ({
          ...head,
          type: head.type,
          values: values[i]!.map((cell) => (head.type === 'integer' && cell === 0 ? 0 : cell)),
        })),
      })),
  );

/** n numbers that look drawn. */
export const wave = (n: number, phase: number): number[] =>
  Array.from({ length: n }, (_, i) => (Math.sin(phase + 12.9898 * i) * 1e3) % 1);
