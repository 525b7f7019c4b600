import { describe, expect, it } from 'vitest';
import { csvOf, render, sweepFigure, type SweepFigureOptions } from '../../figures/index.js';
import { UsageError } from '../../src/errors.js';
import { columnTitle } from '../../figures/sweep-names.js';
import { columnsOf } from '../../src/train/observables/columns.js';
import { askedObservables, observables } from '../../src/train/observables/index.js';
import type { Table } from '../../src/studies/sweep/table.js';
import { sweepRows, tableOfRows } from '../studies/sweep/plot/table-of-rows.js';
import { inkBelow } from './pixels.js';
import { faultsOf, textBoxes } from './text-boxes.js';

const table = tableOfRows(sweepRows({ batches: [16, 64, 256], rates: [0.1, 0.2] }), {
  f: 'no column',
  y: 'a number; of no use',
});
/** The same with texts for what a model is, and full batches. */
const named = tableOfRows(
  sweepRows({ batches: [16, 64] }).flatMap((row) =>
    ['softmax', 'mlp:100,100', 'transformer:1,128,4'].map((model, i) => ({
      model,
      ...row,
      batch: row.batch === 64 ? null : row.batch!,
      y: Number(row.y) + i,
      run: `${model} ${row.run!}`,
    })),
  ),
);
type Row = readonly string[];
const rowsOf = (options: SweepFigureOptions, of: Table = table): Row[] =>
  csvOf(sweepFigure(of, options))
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => [...line.matchAll(/"([^"]*)"|[^,]+/g)].map(([plain, quoted]) => quoted ?? plain));
const series = (name: string, options: SweepFigureOptions, of?: Table): number[][] =>
  rowsOf(options, of).flatMap(([label, ...values]) => (label === name ? [values.map(Number)] : []));
const message = (options: SweepFigureOptions, of: Table = table): string => {
  try {
    sweepFigure(of, options);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};
const close = (found: readonly number[][], expected: readonly (readonly number[])[]): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(expected[i]![j]!, 9);
    });
  });
};

describe('curves of a sweep', () => {
  const options = { x: 'batch', y: 'y', color: 'lr', log: ['x'] } as const;

  it('are means over seeds with bars of the standard error, as the CSV and the caption say', () => {
    const mean = 14 / 3;
    close(
      series('y, lr = 0.1', options),
      [16, 64, 256].map((batch) => [batch, batch + 300 + mean]),
    );
    const error = Math.sqrt(49 / 3) / Math.sqrt(3);
    close(
      series('y, lr = 0.2, ± standard error', options),
      [16, 64, 256].flatMap((batch) => [-1, 1].map((side) => [batch, batch + 400 + mean + side * error])),
    );
    const { caption, title, id } = sweepFigure(table, options);
    expect(caption).toBe(
      'y (a number) against batch size, a curve for each value of learning rate η. The last record of each run (step 200). Means over 3 seeds, bars: ± the standard error s/√n over these seeds.',
    );
    expect({ title, id }).toEqual({ title: 'y against batch size', id: 'sweep' });
  });

  it('have no bars where there is one seed or none are wanted, and say so', () => {
    const one = { ...options, where: ['seed=2'] };
    expect(rowsOf(one).map(([label]) => label)).toEqual(
      ['y, lr = 0.1', 'y, lr = 0.2'].flatMap((label) => [label, label, label]),
    );
    expect(sweepFigure(table, one).caption).toContain('One run for each point: no error bars over seeds.');
    expect(rowsOf({ ...options, error: 'none' })).toHaveLength(6);
    expect(sweepFigure(table, { ...options, error: 'none' }).caption).toContain(
      'Means over 3 seeds, without error bars.',
    );
    const uneven = tableOfRows(sweepRows().filter(({ batch, seed }) => batch === 16 || seed === 1));
    expect(sweepFigure(uneven, options).caption).toContain(
      'Means over 1 to 3 seeds, bars: ± the standard error s/√n over these seeds; points of one seed have none.',
    );
  });

  it('show an interval in its middle, with bars beyond both ends, or within a line', () => {
    const of = { ...options, y: 'f', where: ['lr=0.2'] };
    close(
      series('f, lr = 0.2', of),
      [16, 64, 256].map((batch) => [batch, 0.4]),
    );
    close(series('f, lr = 0.2, ± standard deviation', { ...of, error: 'sd' }).slice(0, 2), [
      [16, 0.2],
      [16, 0.6],
    ]);
    expect(sweepFigure(table, of).caption).toContain(
      'at most 0.20 wide, drawn in its middle; bars go from its lower end less that error to its upper end plus it.',
    );
    const single = { ...of, where: ['lr=0.2', 'seed=1'] };
    close(series('f, lr = 0.2, ± standard error', single).slice(0, 2), [
      [16, 0.2],
      [16, 0.4],
    ]);
    const narrow = tableOfRows(sweepRows().map((row) => ({ ...row, 'f.upper': Number(row['f.lower']) + 1e-9 })));
    expect(sweepFigure(narrow, single).caption).toContain(
      'at most 1.0e-9 wide, drawn in its middle, the ends within a line.',
    );
    expect(series('f, lr = 0.2, ± standard error', single, narrow)).toEqual([]);
  });

  it('show an interval at its estimate, where there is one', () => {
    const estimated = tableOfRows(sweepRows().map((row) => ({ ...row, 'f.estimate': Number(row['f.upper']) - 0.05 })));
    const of = { x: 'batch', y: 'f', color: 'lr' };
    const middles = series('f, lr = 0.1', of, tableOfRows(sweepRows()));
    close(
      series('f, lr = 0.1', of, estimated),
      middles.map(([batch, f]) => [batch!, f! + 0.05]),
    );
    expect(sweepFigure(estimated, of).caption).toContain('drawn at the estimate within it');
    expect(sweepFigure(estimated, { kind: 'heatmap', x: 'batch', y: 'lr', value: 'f' }).caption).toContain(
      'the estimates within them are shown',
    );
  });

  it('say once what goes with an axis', () => {
    const zipped = (names: readonly string[]): string =>
      sweepFigure(
        tableOfRows(
          sweepRows().map(({ lr, ...row }) => ({
            lr: lr!,
            ...Object.fromEntries(names.map((name) => [name, 2 * Number(lr)])),
            ...row,
          })),
        ),
        options,
      ).caption;
    expect(zipped(['width'])).toContain(' width goes with lr. Means');
    expect(zipped(['width', 'depth', 'rank'])).toContain(' width, depth and rank go with lr. Means');
  });

  it('have their exact counterpart and further columns beside them, dashed', () => {
    const of = { ...options, y: 'f', with: ['f.lower'] };
    close(
      series('exact.f, lr = 0.2', of),
      [16, 64, 256].map((batch) => [batch, 0.2]),
    );
    close(
      series('f.lower, lr = 0.1', of),
      [16, 64, 256].map((batch) => [batch, 0.2]),
    );
    expect(sweepFigure(table, of).caption).toContain('Dashed: exact f. Dashed: f, lower end.');
    const ends = tableOfRows(sweepRows(), { 'f.lower': 'a share: lower end', 'f.upper': 'a share: upper end' });
    expect(sweepFigure(ends, of).caption).toMatch(
      /^f \(a share\) against .* Dashed: f, lower end \(a share: lower end\)\.$/,
    );
    const none = tableOfRows(sweepRows().map((row) => ({ ...row, 'exact.f': null })));
    expect(rowsOf({ ...options, y: 'f' }, none).some(([label]) => label!.startsWith('exact'))).toBe(false);
    expect(message({ ...options, with: ['exact.f'] }, none)).toMatch(/no row that is left has a value of 'exact.f'/);
  });

  it('become bands where there are many points', () => {
    const long = tableOfRows(sweepRows({ batches: [16], steps: Array.from({ length: 30 }, (_, i) => 10 * i) }));
    const of = { x: 'step', y: 'y', color: 'lr' };
    expect(series('y, lr = 0.1, ± standard error, lower', of, long)).toHaveLength(30);
    expect(sweepFigure(long, of).caption).toContain('Means over 3 seeds, bands: ');
    expect(series('y, lr = 0.1', { ...of, log: ['x'] }, long)).toHaveLength(29);
    expect(sweepFigure(long, { ...of, log: ['x'] }).caption).toContain('no place for step 0, which is left out');
  });

  it('are laid over by those of another sweep where both have the same axes', () => {
    const law = tableOfRows(
      [0.1, 0.2, 0.4].flatMap((lr) => [1, 100, 1000].map((batch) => ({ lr, batch, law: lr * batch }))),
    );
    const over = { table: law, y: 'law' };
    close(series('law, lr = 0.2', { ...options, over }), [
      [1, 0.2],
      [100, 20],
      [1000, 200],
    ]);
    expect(series('law, lr = 0.4', { ...options, over })).toEqual([]);
    expect(sweepFigure(table, { ...options, over }).caption).toContain('Laid over, dashed: law of another sweep.');
    const alone = tableOfRows([1, 100].map((batch) => ({ batch, y: batch })));
    expect(series('y', { ...options, over: { table: alone } })).toEqual([
      [1, 1],
      [100, 100],
    ]);
    expect(series('law', { x: 'batch', y: 'y', where: ['lr=0.2'], over })).toEqual([
      [1, 0.2],
      [100, 20],
      [1000, 200],
    ]);
    expect(message({ ...options, over: { table: tableOfRows([{ lr: 0.1, y: 1 }]) } })).toMatch(
      /--over has no column 'batch'/,
    );
    expect(message({ ...options, over: { table: tableOfRows([{ lr: 7, batch: 16, y: 1 }]) } })).toMatch(
      /no curve for the same lr/,
    );
  });

  it('stand beside names as dots, and full batches are called all', () => {
    const of = { x: 'model', y: 'y', color: 'batch', where: ['lr=0.1'] };
    const rows = rowsOf(of, named).filter(([label]) => label === 'y, batch = all' || label === 'y, batch = 16');
    expect(rows.map(([, model]) => model)).toEqual([
      'softmax',
      'mlp:100,100',
      'transformer:1,128,4',
      'softmax',
      'mlp:100,100',
      'transformer:1,128,4',
    ]);
    expect(rowsOf({ x: 'batch', y: 'y', color: 'lr', facet: 'model' }, named).some(([, x]) => x === 'all')).toBe(true);
    expect(message({ ...of, log: ['x'] }, named)).toMatch(
      /'model' is no column of numbers alone \(softmax, mlp:100,100/,
    );
  });

  it('are refused where there is no figure of them', () => {
    expect(message({ ...options, y: 'note' })).toMatch(/only numbers can be drawn/);
    expect(message({ ...options, y: 'z' })).toMatch(/no column 'z'/);
    expect(message({ ...options, color: 'batch' })).toMatch(/'batch' can tell points apart in one way only/);
    expect(message({ ...options, where: ['lr=3'] })).toMatch(/no row is left/);
    expect(message({ x: 'batch', y: 'y' })).toMatch(/averaged over: lr/);
    expect(message({ ...options, value: 'y' })).toMatch(/leave out --value/);
    const signed = tableOfRows(sweepRows().map((row) => ({ ...row, y: Number(row.batch) - 16 })));
    expect(message({ ...options, log: ['y'] }, signed)).toMatch(
      /2 of 4 values of 'y' are not positive, for example 0, .* leave out --log y/,
    );
    const many = tableOfRows(sweepRows({ rates: Array.from({ length: 13 }, (_, i) => i + 1) }));
    expect(message(options, many)).toMatch(/--color lr has 13 values .* at most 12/);
    expect(message({ x: 'batch', y: 'y', facet: 'lr' }, many)).toMatch(/--facet lr has 13 values .* at most 8/);
    const empty = tableOfRows(sweepRows().map((row) => ({ ...row, y: null, z: 1 })));
    expect(message(options, empty)).toMatch(/no row that is left has a value of 'y'/);
  });

  it('leave out what has no value, and say how much', () => {
    const holed = tableOfRows(
      sweepRows().map((row) => (row.batch === 16 && row.seed === 1 ? { ...row, y: null } : row)),
    );
    expect(sweepFigure(holed, options).caption).toContain('Means over 2 to 3 seeds');
    expect(sweepFigure(holed, options).caption).toContain('2 of 12 rows have no value, and are left out.');
  });
});

describe('heat maps of a sweep', () => {
  const options = { kind: 'heatmap', x: 'lr', y: 'batch', value: 'y' } as const;

  it('show means over seeds in cells named by both axes', () => {
    const rows = rowsOf(options);
    expect(rows).toHaveLength(6);
    expect(rows[1]!.slice(0, 3)).toEqual(['y', '0.2', '16']);
    expect(Number(rows[1]![3])).toBeCloseTo(416 + 14 / 3, 9);
    expect(sweepFigure(table, options).caption).toBe(
      'y (a number) over learning rate η and batch size. The last record of each run (step 200). Means over 3 seeds, with standard errors s/√n up to 2.3.',
    );
    const holed = tableOfRows(sweepRows().filter(({ lr, batch }) => lr === 0.1 || batch === 16));
    expect(sweepFigure(holed, options).caption).toContain('1 cells without a run or a value are left white.');
  });

  it('refuse more decades than colours can tell apart', () => {
    const wide = tableOfRows(sweepRows({ seeds: [1], steps: [1] }).map((row, i) => ({ ...row, y: 10 ** (100 * i) })));
    const options = { kind: 'heatmap', x: 'lr', y: 'batch', value: 'y', log: ['value'] } as const;
    expect(
      message(
        options,
        tableOfRows(sweepRows({ seeds: [1], steps: [1] }).map((row, i) => ({ ...row, y: 10 ** (102 * i) }))),
      ),
    ).toMatch(/goes from 1 to 1e\+306.* at most 300 decades/);
    expect(sweepFigure(wide, options).caption).toMatch(/^y over/);
  });

  it('refuse what would change nothing in them', () => {
    expect(message({ ...options, color: 'seed', error: 'sd' })).toMatch(/leave out --color, --error/);
    expect(message({ kind: 'heatmap', x: 'lr', y: 'batch' })).toMatch(/needs --value COLUMN/);
    expect(message({ ...options, log: ['x'] })).toMatch(/leave out --log x/);
    expect(
      message(
        { ...options, value: 'f', log: ['value'], where: ['seed=1'] },
        tableOfRows(sweepRows().map((row) => ({ ...row, 'f.lower': -1 }))),
      ),
    ).toMatch(/not positive/);
  });
});

const long = ['a name of a network with more words than there is room for, and 100', 'x'.repeat(120), 'ü\n<&>'];
/** The same with names of any length. */
const lengthy = tableOfRows(
  sweepRows({ batches: [16, 64] }).flatMap((row) =>
    long.map((model, i) => ({ model, ...row, y: Number(row.y) + i, run: `${i} ${row.run!}` })),
  ),
);
/** y times a factor. */
const scaled = (factor: (row: number) => number): Table =>
  tableOfRows(sweepRows().map((row, i) => ({ ...row, y: factor(i) * Number(row.y) })));

/** Of every kind, with names and numbers of awkward lengths. */
const drawn: Readonly<Record<string, readonly [SweepFigureOptions, Table?]>> = {
  curves: [{ x: 'batch', y: 'y', color: 'lr', log: ['x'] }],
  'a heading, dashed curves': [{ x: 'lr', y: 'f', color: 'batch', with: ['time'], title: 'Late in training' }],
  'panels of names': [{ x: 'model', y: 'y', color: 'lr', facet: 'batch', log: ['y'] }, named],
  'panels in rows': [
    { x: 'step', y: 'y', facet: 'batch', color: 'lr' },
    tableOfRows(sweepRows({ batches: [1, 2, 4, 8, 16], steps: [0, 1000, 28_000] })),
  ],
  'many colours': [
    { x: 'batch', y: 'y', color: 'lr', log: ['x', 'y'] },
    tableOfRows(sweepRows({ batches: [16, 20, 24, 512], rates: Array.from({ length: 12 }, (_, i) => 0.001 * 2 ** i) })),
  ],
  'a single point': [{ x: 'batch', y: 'y', where: ['lr=0.1', 'seed=1'] }, tableOfRows(sweepRows({ batches: [16] }))],
  'small numbers': [
    { x: 'lr', y: 'time', color: 'batch', log: ['x', 'y'] },
    tableOfRows(sweepRows({ rates: [1e-7, 1e-4, 0.5] })),
  ],
  'a long heading and long colours': [
    { x: 'lr', y: 'y', color: 'model', where: ['batch=16'], title: long.join(' ') },
    lengthy,
  ],
  'long panels': [{ x: 'lr', y: 'y', facet: 'model', color: 'batch' }, lengthy],
  'a long heat map': [
    { kind: 'heatmap', x: 'lr', y: 'model', value: 'y', where: ['batch=16'], title: long[1]! },
    lengthy,
  ],
  'tiny numbers': [{ x: 'lr', y: 'y', color: 'batch' }, scaled(() => -1.5e-12)],
  'huge numbers': [{ x: 'lr', y: 'y', color: 'batch' }, scaled(() => 1e296)],
  'a heat map of huge numbers': [{ kind: 'heatmap', x: 'lr', y: 'batch', value: 'y' }, scaled(() => 1e296)],
  'all numbers there are': [{ x: 'lr', y: 'y', color: 'batch', log: ['y'] }, scaled((i) => 10 ** (-300 + 8 * i))],
  'a heat map of all of them': [
    { kind: 'heatmap', x: 'lr', y: 'batch', value: 'y', log: ['value'] },
    scaled((i) => 10 ** (-300 + 8 * i)),
  ],
  'a heat map': [{ kind: 'heatmap', x: 'lr', y: 'model', value: 'y', where: ['batch=all'], log: ['value'] }, named],
  'heat maps in panels': [{ kind: 'heatmap', x: 'batch', y: 'step', value: 'f', facet: 'lr', title: 'f' }],
  'a large heat map': [
    { kind: 'heatmap', x: 'batch', y: 'lr', value: 'y' },
    tableOfRows(
      sweepRows({
        batches: Array.from({ length: 40 }, (_, i) => 10 * i + 10),
        rates: Array.from({ length: 30 }, (_, i) => (i + 1) / 1000),
        seeds: [1],
        steps: [1],
      }),
    ),
  ],
};

describe('the pictures of sweeps', () => {
  it.each(Object.keys(drawn))(
    '%s: no text overlaps another or leaves the picture, and the caption is whole',
    async (name) => {
      const [options, of = table] = drawn[name]!;
      const figure = sweepFigure(of, options);
      const boxes = await textBoxes(figure);
      expect(faultsOf(figure, boxes)).toEqual([]);
      expect(boxes.length).toBeGreaterThan(5);
      expect(figure.caption).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
      expect(await inkBelow(Buffer.from((await render(figure)).png), figure.height - 60)).toBeGreaterThan(100);
    },
  );

  it('call the columns of records by their symbols', () => {
    for (const { id, heading } of columnsOf([...observables, ...askedObservables]))
      if (typeof heading !== 'string') expect(columnTitle(id)).not.toBe(id);
    expect(columnTitle('exact.topFraction')).toBe('exact fₜₒₚ(m)');
    expect(columnTitle('topFraction.upper')).toBe('fₜₒₚ(m), upper end');
    expect(columnTitle('mine')).toBe('mine');
  });
});
