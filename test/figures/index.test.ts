import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawFigures, figureIds } from '../../figures/index.js';
import type { WrittenFigure } from '../../figures/write-figure.js';
import { exactFlow, exactSnapshot, randomWeights } from '../../src/model/index.js';
import { subspaceOverlap, topFraction } from '../../src/observe/index.js';
import type { MeasureDocument } from '../../src/run/measure-document.js';
import { inkBelow } from './pixels.js';
import { softmaxFixture } from './softmax-fixture.js';

type Row = readonly [series: string, ...numbers: number[]];

const out = mkdtempSync(join(tmpdir(), 'figures-'));
let measurement: MeasureDocument;
let written: WrittenFigure[];

function rowsOf(id: string): Row[] {
  const lines = readFileSync(join(out, `${id}.csv`), 'utf8')
    .trim()
    .split('\r\n')
    .slice(1);
  return lines.map((line) => {
    const [, quoted, plain, rest] = /^(?:"([^"]*)"|([^,]*)),(.*)$/.exec(line)!;
    return [quoted ?? plain!, ...rest!.split(',').map(Number)];
  });
}

const series = (id: string, name: string): Row[] => rowsOf(id).filter(([label]) => label === name);

beforeAll(async () => {
  measurement = await softmaxFixture();
  writeFileSync(join(out, 'spectrum.svg.1234567'), 'what a killed run left');
  writeFileSync(join(out, 'spectrum.svg.backup'), "somebody's own");
  written = await drawFigures({ out, seed: 5, measurement });
});

afterAll(() => {
  rmSync(out, { recursive: true });
});

describe('drawFigures', () => {
  it('writes PNG, SVG, CSV and caption of every figure, and clears what a killed run left', () => {
    const files = figureIds.flatMap((id) => ['csv', 'md', 'png', 'svg'].map((extension) => `${id}.${extension}`));
    expect(readdirSync(out).sort()).toEqual([...files, 'spectrum.svg.backup'].sort());
    expect(written.map(({ id }) => id)).toEqual(figureIds);
    for (const { id, caption } of written) {
      expect(readFileSync(join(out, `${id}.md`), 'utf8')).toContain(caption);
      expect(caption).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('writes numbers only, and no point outside the numbers', () => {
    for (const id of figureIds)
      for (const [, ...numbers] of rowsOf(id)) expect(numbers.every(Number.isFinite)).toBe(true);
  });

  it('draws the title of the horizontal axis of every figure', async () => {
    for (const id of figureIds) {
      const png = readFileSync(join(out, `${id}.png`));
      const height = png.readUInt32BE(20);
      expect(await inkBelow(png, height - 60)).toBeGreaterThan(300);
    }
  });

  it('gives the same bytes when it is run again', async () => {
    const before = new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
    const only = ['spectrum', 'closed-form', 'subspace-overlap', 'softmax'];
    const progress: string[] = [];
    await drawFigures({
      out,
      only,
      seed: 5,
      measurement,
      onProgress: ({ id, done, total }) => progress.push(`${id} ${done}/${total}`),
    });
    for (const [name, bytes] of before) expect(readFileSync(join(out, name)).equals(bytes), name).toBe(true);
    expect(progress.filter((_, i) => i % 2 === 0)).toEqual(only.map((id, i) => `${id} ${i}/4`));
    expect(progress.at(-1)).toBe('softmax 4/4');
  });

  it('refuses an unknown figure before drawing anything, and suggests the nearest', async () => {
    const attempt = drawFigures({ out: join(out, 'new'), only: ['spectrum', 'colapse'] });
    await expect(attempt).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining("'collapse'") as string,
    });
    expect(readdirSync(out)).not.toContain('new');
  });
});

describe('the figures', () => {
  it('collapse draws f_top of the model, its start near 1/(k − 1), and the law t^(−2/k)', () => {
    const k = 100;
    const [, time, value] = series('collapse', 'f_top(100)')[30]!;
    const snapshot = exactSnapshot(exactFlow(k, randomWeights(k, 0.1, 5)).at(time!), k);
    expect(value).toBe(topFraction(snapshot, k).lower);
    expect(series('collapse', 'f_top(2)').every(([, , f]) => Math.abs(f! - 1) < 1e-14)).toBe(true);
    const rest = series('collapse', '1 − f_top(3)').slice(-2);
    const slope = Math.log(rest[1]![2]! / rest[0]![2]!) / Math.log(rest[1]![1]! / rest[0]![1]!);
    // Corrections are of relative order 1/s ~ t^(−1/3) ≤ 2e-4; 1 − f_top ≈ 1e-11 is known to 1e-16/1e-11.
    expect(Math.abs(slope + 2 / 3)).toBeLessThan(1e-3);
    const [[, , lowest], [, , highest]] = series('collapse', 'f_top(k) at t = 0, W(0) = 0: any value between') as [
      Row,
      Row,
    ];
    expect(lowest).toBe(0);
    expect(highest).toBeCloseTo(1, 14);
  });

  it('spectrum draws k² − k eigenvalues and names multiplicities that add up', () => {
    const names = new Set(rowsOf('spectrum').map(([name]) => name));
    expect([...names].filter((name) => /^eigenvalue \d+, random W\(0\)$/.test(name))).toHaveLength(90);
    expect(names).toContain('gradient, multiplicity 10, W(0) = 0');
    expect(names).toContain('mini-bulk, multiplicity 80, W(0) = 0');
    expect(written.find(({ id }) => id === 'spectrum')!.caption).toContain('The other 410 of the 500');
  });

  it('closed-form draws a difference that shrinks with the tolerance', () => {
    const worst = [-6, -8, -10, -12].map((e) =>
      Math.max(...series('closed-form', `tolerance 1e${e}`).map(([, , y]) => y!)),
    );
    for (let i = 1; i < worst.length; i++) expect(worst[i]!).toBeLessThan(worst[i - 1]! / 10);
    expect(worst.at(-1)).toBeLessThan(1e-10);
  });

  it('subspace-overlap draws a symmetric matrix with ones on its diagonal, the numbers of the model', () => {
    for (const [name, skip] of [
      ['1 to 10', 0],
      ['11 to 20', 10],
    ] as const) {
      const cells = series('subspace-overlap', name);
      const at = new Map(cells.map(([, x, y, v]) => [`${x} ${y}`, v!]));
      expect(cells).toHaveLength(33 ** 2);
      for (const [, x, y, v] of cells) expect(Math.abs(at.get(`${y} ${x}`)! - v!)).toBeLessThan(1e-13);
      for (const [, x, y, v] of cells) if (x === y) expect(Math.abs(v! - 1)).toBeLessThan(1e-13);
      const [, x, y, v] = cells[100]!;
      const flow = exactFlow(10, randomWeights(10, 1, 5));
      const [a, b] = [x, y].map((time) => exactSnapshot(flow.at(time!), 50, 21));
      expect(v).toBe(subspaceOverlap(a!, b!, 10, skip).lower);
    }
  });

  it('softmax draws the records, and the number of the paper only for MNIST', () => {
    const { records, window } = measurement;
    const drawn = [...series('softmax', 'f_top(3), step 0'), ...series('softmax', 'f_top(3)')];
    expect(drawn.map(([, step, value]) => [step, value])).toEqual(records.map((r) => [r.step, r.topFraction.lower]));
    expect(series('softmax', 'overlap(g, Hg) over the last steps').map(([, , y]) => y)).toEqual(
      window.map((w) => w.overlap),
    );
    expect(rowsOf('softmax').some(([name]) => name.includes('GRD18'))).toBe(false);
    expect(written.at(-1)!.caption).toContain('not MNIST');
  });
});
