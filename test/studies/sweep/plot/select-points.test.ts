import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/errors.js';
import {
  findQuantity,
  halfBar,
  parseCondition,
  pointMean,
  quantityCalled,
  selectPoints,
} from '../../../../src/studies/sweep/plot/index.js';
import type { Table } from '../../../../src/studies/sweep/table.js';
import { sweepRows, tableOfRows } from './table-of-rows.js';

const select = (table: Table, by: readonly string[], ...where: string[]) =>
  selectPoints(table, { by, where: where.map(parseCondition) });
/** Means of a column at all points, by the cells that tell these apart. */
const means = (table: Table, column: string, by: readonly string[], ...where: string[]) =>
  Object.fromEntries(
    select(table, by, ...where).points.map(({ at, runs }) => [
      at.join(' '),
      pointMean(runs, quantityCalled(table, column)),
    ]),
  );

describe('points of a sweep', () => {
  const table = tableOfRows(sweepRows());

  it('are means over seeds of the last records, with n, deviation and standard error', () => {
    const found = means(table, 'y', ['batch', 'lr']);
    expect(Object.keys(found)).toEqual(['16 0.1', '16 0.2', '64 0.1', '64 0.2']);
    const { n, middle } = found['64 0.2']!;
    // 464 + 1, 4, 9: their mean is 464 + 14/3, their variance (121 + 4 + 169)/18 = 49/3.
    expect(n).toBe(3);
    expect(middle.mean).toBeCloseTo(464 + 14 / 3, 12);
    expect(middle.deviation).toBeCloseTo(Math.sqrt(49 / 3), 12);
    expect(halfBar(middle.deviation, n, 'sd')).toBe(middle.deviation);
    expect(halfBar(middle.deviation, n, 'se')).toBeCloseTo(Math.sqrt(49) / 3, 12);
    expect(halfBar(middle.deviation, n, 'ci')).toBeCloseTo((4.302652729749464 * 7) / 3, 8); // t of 2 degrees of freedom
    expect(halfBar(middle.deviation, n, 'none')).toBe(0);
    expect(select(table, ['batch', 'lr'])).toMatchObject({
      where: [{ column: 'step', relation: '=', value: 'last' }],
      records: [1, 1],
      steps: [200],
    });
  });

  it('keep both ends of an interval, and its middle', () => {
    const { lower, middle, upper } = means(table, 'f', ['batch', 'lr'])['16 0.1']!;
    for (const [{ mean }, expected] of [
      [lower, 0.2],
      [middle, 0.3],
      [upper, 0.4],
    ] as const)
      expect(mean).toBeCloseTo(expected, 12);
    expect(findQuantity(table, 'f')).toMatchObject({ isInterval: true });
    expect(findQuantity(table, 'f.lower')).toMatchObject({ isInterval: false });
  });

  it('are told apart by step where it is drawn, and by seed where that is', () => {
    expect(means(table, 'y', ['step', 'lr'], 'batch=16')['100 0.2']!.middle.mean).toBeCloseTo(316 + 14 / 3, 12);
    const { points, where } = select(table, ['step', 'seed'], 'batch=16', 'lr=0.1');
    expect(points).toHaveLength(9);
    expect(where).toHaveLength(2);
    expect(pointMean(points[0]!.runs, quantityCalled(table, 'y'))).toEqual({
      n: 1,
      ...Object.fromEntries(['lower', 'middle', 'upper'].map((end) => [end, { mean: 117, deviation: null }])),
    });
  });

  it('are made of the records that conditions choose, averaged in each run first', () => {
    const found = means(table, 'y', ['lr'], 'batch=64', 'step>=100')['0.1']!;
    expect(found).toMatchObject({ n: 3 });
    expect(found.middle.mean).toBeCloseTo(164 + 150 + 14 / 3, 12);
    expect(found.middle.deviation).toBeCloseTo(Math.sqrt(49 / 3), 12);
    expect(select(table, ['lr'], 'batch=64', 'step>=100').records).toEqual([2, 2]);
    expect(means(table, 'y', ['lr'], 'batch=64', 'step=100')['0.1']!.middle.mean).toBeCloseTo(264 + 14 / 3, 12);
    expect(means(table, 'y', ['lr'], 'batch=64', 'step=first')['0.1']!.middle.mean).toBeCloseTo(164 + 14 / 3, 12);
    expect(means(table, 'y', ['lr'], 'batch=64', 'step<200', 'step=last')['0.1']!.middle.mean).toBeCloseTo(
      264 + 14 / 3,
      12,
    );
    expect(means(table, 'y', ['lr'], 'batch!=16', 'lr<=0.1', 'seed>1', 'note=as it is')['0.1']).toMatchObject({ n: 2 });
  });

  it('leave out what has no value, or none that is finite; a point of nothing else is none', () => {
    const holed = tableOfRows(
      sweepRows().map((row) => (row.batch === 16 ? { ...row, y: null } : row.seed === 1 ? { ...row, y: NaN } : row)),
    );
    const found = means(holed, 'y', ['batch'], 'lr=0.1');
    expect(found['16']).toBeNull();
    expect(found['64']).toMatchObject({ n: 2 });
    expect(found['64']!.middle.mean).toBeCloseTo(364 + 6.5, 12);
  });

  it('may go with an axis that is not drawn but the same wherever a drawn one is, which is said', () => {
    const zipped = tableOfRows(sweepRows().map(({ lr, ...row }) => ({ lr: lr!, width: lr === 0.1 ? 20 : 40, ...row })));
    expect(select(zipped, ['lr', 'batch'])).toMatchObject({ bound: [{ name: 'width', to: 'lr' }], fixed: [] });
    expect(select(zipped, ['width'], 'batch=16')).toMatchObject({
      bound: [{ name: 'lr', to: 'width' }],
      fixed: [{ name: 'batch', value: 16 }],
    });
  });
});

describe('nothing is averaged over in silence:', () => {
  const table = tableOfRows(sweepRows());
  const message = (attempt: () => unknown): string => {
    try {
      attempt();
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  };

  it('an axis of several values', () => {
    expect(message(() => select(table, ['batch']))).toMatch(
      /an axis has several values .* lr \(0\.1, 0\.2\); choose one with --where 'lr=0\.1'/,
    );
    expect(message(() => select(table, ['step']))).toMatch(/batch \(16, 64\), lr \(0\.1, 0\.2\)/);
    expect(select(table, ['batch'], 'lr=0.2').fixed).toEqual([{ name: 'lr', value: 0.2 }]);
  });

  it('a measured column in the place of an axis', () => {
    expect(message(() => select(table, ['y'], 'lr=0.1', 'batch=16'))).toMatch(
      /'y' differs between seeds .* --color seed/,
    );
    expect(select(table, ['y', 'seed'], 'lr=0.1', 'batch=16').points).toHaveLength(9);
    expect(select(table, ['time'], 'lr=0.1', 'batch=16').points).toHaveLength(3);
  });

  it('rows that nothing tells apart: sectors of a record, or what varies where no column says what was set', () => {
    const sectors = tableOfRows(sweepRows().flatMap((row) => ['top', 'rest'].map((sector) => ({ ...row, sector }))));
    expect(message(() => select(sectors, ['batch', 'lr']))).toMatch(
      /2 rows are one point \(batch 16, lr 0\.1\).* differ in sector \(top, rest\)/,
    );
    expect(select(sectors, ['batch', 'lr'], 'sector=top').points).toHaveLength(4);
    expect(select(sectors, ['batch', 'lr', 'sector'])).toMatchObject({ steps: [200], records: [1, 1] });
    const bare = tableOfRows(
      [2, 3].flatMap((classes) => [0.1, 0.2].map((noise) => ({ noise, classes, margin: noise * classes }))),
    );
    expect(message(() => select(bare, ['noise']))).toMatch(/differ in classes \(2, 3\), margin/);
    expect(select(bare, ['noise', 'classes']).points).toHaveLength(4);
  });

  it('two runs of one seed', () => {
    const twice = tableOfRows([1, 2].map((i) => ({ batch: 16, seed: 1, y: i, run: String(i) })));
    expect(message(() => select(twice, ['batch']))).toMatch(/2 rows are one point \(batch 16\).* y \(1, 2\)/);
  });

  it('unknown columns, conditions that are none, and no rows', () => {
    expect(message(() => select(table, ['bacth']))).toMatch(
      /no column 'bacth'; did you mean 'batch'\? It has batch, lr, seed/,
    );
    expect(message(() => quantityCalled(table, 'F'))).toMatch(/did you mean|it has/);
    expect(message(() => quantityCalled(table, 'note'))).toMatch(/'note' is a column of texts, for example 'as it is'/);
    expect(message(() => select(table, ['batch'], 'lr=0.3'))).toMatch(
      /no row is left with lr = 0\.3: 'lr' is 0\.1, 0\.2; choose one of these/,
    );
    expect(message(() => select(table, ['batch'], 'note>3'))).toMatch(/orders what are no numbers/);
    expect(message(() => select(tableOfRows([]), []))).toMatch(/no rows/);
    for (const text of ['lr', '=3', 'lr=', '']) expect(message(() => parseCondition(text))).toMatch(/is no condition/);
    expect(parseCondition('model != mlp:100,100')).toEqual({ column: 'model', relation: '!=', value: 'mlp:100,100' });
  });
});
