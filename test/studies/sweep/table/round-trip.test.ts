import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../../src/errors.js';
import { readTable, tableCsv, tableParquet, type Table } from '../../../../src/studies/sweep/table/index.js';
import { anyTable, tableOf } from './tables.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const readBack = (content: string | Uint8Array, name = 'table'): Promise<Table> => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readTable(path);
};

/** What CSV keeps of a table: no meanings, and no type where nothing is written. */
const inCsv = (table: Table): Table => ({
  ...table,
  columns: table.columns.map((column) => ({
    ...column,
    meaning: '',
    type: column.values.every((cell) => cell === null) ? 'number' : column.type,
  })),
});

const example = tableOf({
  'lr:number': [0.1, 1, -0, 1e-320],
  'seed:integer': [1, 2 ** 53, null, -3],
  'model:string': ['mlp:20', '', null, '16'],
  'late:boolean': [true, false, null, true],
});

describe('a table that is written and read', () => {
  it('comes back as it was from CSV', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        expect(await readBack(tableCsv(table))).toEqual(inCsv(table));
      }),
      { numRuns: 100 },
    );
  });

  it('comes back as it was from Parquet, in the same bytes every time', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const bytes = tableParquet(table);
        expect(await readBack(bytes)).toEqual(table);
        expect(Buffer.compare(bytes, tableParquet(table))).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('comes back from row groups and dictionaries', async () => {
    const rows = 100_003;
    const table = tableOf({
      'zero:number': Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? -0 : 0)),
      'batch:integer': Array.from({ length: rows }, (_, i) => (i % 5 === 0 ? null : i % 3)),
      'model:string': Array.from({ length: rows }, (_, i) => `mlp:${i % 4}`),
    });
    const found = await readBack(tableParquet(table));
    expect(found.rows).toBe(rows);
    table.columns.forEach(({ values }, i) => {
      const cells = found.columns[i]!.values;
      expect(values.findIndex((cell, row) => !Object.is(cell, cells[row]))).toBe(-1);
    });
  });

  it('is plain text in CSV', () => {
    expect(tableCsv(example)).toBe(
      [
        'lr,seed,model,late',
        '0.1,1,mlp:20,true',
        '1.0,9007199254740992,"",false',
        '-0.0,,,',
        '1e-320,-3,"16",true',
        '',
      ].join('\r\n'),
    );
    expect(tableCsv(tableOf({ 'a:string': ['=1+2', '@x', '-y', '+z'] }))).toBe('a\r\n=1+2\r\n@x\r\n-y\r\n+z\r\n');
  });

  it('is refused before it is written where it is none', () => {
    const refused = (table: Table, words: RegExp): void => {
      for (const write of [tableCsv, tableParquet]) {
        expect(() => write(table)).toThrow(UsageError);
        expect(() => write(table)).toThrow(words);
      }
    };
    refused({ rows: 0, columns: [] }, /needs a column/);
    refused({ ...example, rows: 5 }, /'lr' has 4 cells, the table 5 rows/);
    refused({ ...example, columns: [...example.columns, example.columns[1]!] }, /two columns 'seed'/);
    refused(tableOf({ ':number': [1] }), /needs a name/);
    refused(tableOf({ '\uFEFFa:number': [1] }), /byte order mark/);
    refused(tableOf({ 'a:integer': [1, 1.5] }), /'a', row 2: 1.5 is no integer/);
    refused(tableOf({ 'a:integer': [2 ** 53 + 2] }), /within ±2⁵³/);
    refused(tableOf({ 'a:number': ['1'] }), /"1" is no number/);
    refused(tableOf({ 'a:string': [1] }), /1 is no string/);
    refused(tableOf({ 'a:boolean': [0] }), /0 is no boolean/);
  });
});

describe('a CSV file of another program', () => {
  it('is read with LF, a byte order mark, gzip, and the words for numbers that are not finite', async () => {
    const text = '\uFEFFa,b,c\n1,nan,True\n+2,-inf,FALSE\n';
    const expected = {
      rows: 2,
      columns: [
        { name: 'a', meaning: '', type: 'integer', values: [1, 2] },
        { name: 'b', meaning: '', type: 'number', values: [NaN, -Infinity] },
        { name: 'c', meaning: '', type: 'boolean', values: [true, false] },
      ],
    };
    expect(await readBack(text)).toEqual(expected);
    expect(await readBack(gzipSync(text))).toEqual(expected);
  });

  it('has a column of text where one cell is text, or stands in quotes', async () => {
    const { columns } = await readBack('a,b,c,d\n1,1,true, 1\n2.5,"2",1,2\nx,3,true,3\n');
    expect(columns.map(({ type }) => type)).toEqual(['string', 'string', 'string', 'string']);
    expect(columns.map(({ values }) => values)).toEqual([
      ['1', '2.5', 'x'],
      ['1', '2', '3'],
      ['true', '1', 'true'],
      [' 1', '2', '3'],
    ]);
  });

  it.each([
    ['', /it is empty/],
    ['a,b\r\n1,2\r\n3', /cut off: line 3 does not end/],
    ['a,b\r\n"x\r\ny",2\r\n3\r\n', /line 4 has 1 cells, the first 2/],
    ['a,b\r\n1,2,3\r\n', /line 2 has more cells than the first, 2/],
    ['a\r\n"x"y\r\n', /line 2, column 1: a quote or line break out of place/],
    ['a\r\nx"y\r\n', /line 2, column 1: a quote/],
    ['a\r\n"x\r\n', /line 2, column 1: a quote/],
    ['a\r1\r\n', /line 1, column 1: a quote or line break/],
    ['a,,b\r\n', /line 1, column 2: it has no name/],
    ['a,a\r\n', /line 1, column 2: 'a' comes twice/],
    ['a\r\n9007199254740993\r\n', /column 'a': 9007199254740993 is beyond ±2⁵³/],
    [Buffer.from([0x61, 0x0a, 0xff, 0x0a]), /no CSV file in UTF-8/],
  ])('is refused where it is damaged: %j', async (content, words) => {
    const failure = await readBack(content).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DataError);
    expect((failure as DataError).message).toMatch(words);
  });
});

describe('a Parquet file', () => {
  it('is refused, or reads the same, with any byte altered or any end missing', async () => {
    const bytes = tableParquet(example);
    const outcome = async (altered: Uint8Array): Promise<Table | string> =>
      readBack(altered, 'table.parquet').catch((error: unknown) => {
        expect(error).toBeInstanceOf(DataError);
        return 'refused';
      });
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice();
      altered[at]! ^= 1 << (at % 8);
      const found = await outcome(altered);
      if (found === 'refused') refused++;
      else expect(found).toEqual(example);
    }
    // All but the words before the seal: without them there is none, and the table is whole.
    expect(bytes.length - refused).toBeLessThanOrEqual('tiny-subspace sha256 '.length);
    for (let length = 0; length < bytes.length; length += 7)
      expect(await outcome(bytes.subarray(0, length))).toBe('refused');
  });

  it('is missing', async () => {
    await expect(readTable(join(folder, 'none.parquet'))).rejects.toThrow(DataError);
  });
});
