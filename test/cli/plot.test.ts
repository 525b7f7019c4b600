import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenFigure } from '../../figures/index.js';
import { runCli } from '../../src/cli/run-cli.js';
import { tableCsv, tableParquet } from '../../src/studies/sweep/table/index.js';
import { sweepRows, tableOfRows } from '../studies/sweep/plot/table-of-rows.js';
import { captured } from './captured.js';

let folder: string;
const plot = (line: string) =>
  captured(() => runCli(['plot', ...line.split(' ').map((word) => word.replace('DIR', folder))]));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plot-'));
  const table = tableOfRows(sweepRows());
  for (const name of ['study', 'none']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'study', 'results.parquet'), tableParquet(table));
  writeFileSync(join(folder, 'table.csv'), tableCsv(tableOfRows(sweepRows({ seeds: [1] }))));
  writeFileSync(join(folder, 'torn.csv'), 'a,b\n1,');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('plot', () => {
  it('draws the table of a folder as PNG, SVG, PDF and CSV with a caption', async () => {
    const { code, stdout, stderr } = await plot(
      'DIR/study --x batch --y f --color lr --log x --with time --pdf --name late --title Late --out DIR/drawn',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = ['png', 'svg', 'pdf', 'csv', 'md'].map((extension) => `late.${extension}`);
    expect(stdout).toBe(['Late', ...files.map((file) => `    ${join(folder, 'drawn', file)}`), ''].join('\n'));
    expect(readdirSync(join(folder, 'drawn')).sort()).toEqual([...files, 'manifest.json'].sort());
    expect(readFileSync(join(folder, 'drawn', 'late.csv'), 'utf8')).toMatch(
      /^series,batch,f\r\n"f, lr = 0\.1",16,0\.3/,
    );
    expect(readFileSync(join(folder, 'drawn', 'late.md'), 'utf8')).toMatch(
      /Means over 3 seeds, bars: ± the standard error/,
    );
  });

  it('draws a CSV too, lays another sweep over it, and gives the same bytes again', async () => {
    const line =
      'DIR/table.csv --x step --y y --facet batch --where lr=0.1 --where step>0 --over DIR/study --over-y time --out DIR/csv --json';
    const first = await plot(line.replaceAll("'", ''));
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const { figures } = JSON.parse(first.stdout) as { figures: readonly WrittenFigure[] };
    expect(figures.map(({ id, files }) => [id, files.length])).toEqual([['sweep', 4]]);
    expect(figures[0]!.caption).toMatch(
      /Records with step > 0\..*One run for each point.*Laid over, dashed: time t of another sweep/,
    );
    const bytes = figures[0]!.files.map((file) => readFileSync(file));
    expect(await plot(line)).toEqual(first);
    expect(figures[0]!.files.map((file) => readFileSync(file))).toEqual(bytes);
  });

  it.each([
    ['DIR/study --x batch --y f', 2, 'averaged over: lr (0.1, 0.2)'],
    ['DIR/study --x batch --y g', 2, "no column 'g'"],
    ['DIR/study --x batch --y note --color lr', 2, 'only numbers can be drawn'],
    ['DIR/study --x batch --y f --color lr --where lr=7', 2, "'lr' is 0.1, 0.2"],
    ['DIR/study --x batch --y f --color lr --where lr', 2, "'lr' is no condition"],
    ['DIR/study --x batch --y f --color lr --log z', 2, "'z' is no axis"],
    ['DIR/study --x batch --y f --color lr --over-y y', 2, 'add --over'],
    ['DIR/study --x batch --y f --color lr --value y', 2, 'add --kind heatmap'],
    ['DIR/study --x batch --y f --color lr --name ../up', 2, 'letters, digits'],
    ['DIR/study --x batch --y lr --kind heatmap', 2, 'needs --value'],
    ['DIR/study --x batch --y f --color lr --out DIR/study', 2, "is no 'tiny-subspace figures' folder"],
    ['DIR/study --y f', 2, "required option '--x <COLUMN>' not specified"],
    ['--x batch --y f', 2, "missing required argument 'PATH'"],
    ['DIR/none --x batch --y f', 3, 'neither results.parquet nor results.csv'],
    ['DIR/missing --x batch --y f', 3, 'DIR/missing is not there'],
    ['DIR/torn.csv --x a --y b', 3, 'cut off'],
    ['DIR/study --x batch --y f --color lr --over DIR/none', 3, 'DIR/none has no results'],
  ])('%s: exit code %d, %s', async (line, code, says) => {
    const out = line.includes('--out') ? '' : ' --out DIR/refused';
    const found = await plot(line + out);
    expect(found).toMatchObject({ code, stdout: '' });
    expect(found.stderr).toContain(says.replace('DIR', folder));
    expect(found.stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
