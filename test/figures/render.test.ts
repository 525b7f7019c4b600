import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { render } from '../../figures/render.js';
import { fontFamily } from '../../figures/style.js';
import { codePointsOf } from './glyphs.js';
import { GlobalFonts, inkBelow, pixelsOf } from './pixels.js';
import { toyFigure } from './toy-figure.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('render', () => {
  it('draws text: the strip of the axis title has ink with a title and none without', async () => {
    const strip = 4 * 88; // below the tick labels of the figure, 100 px high at 4 dots a pixel
    const [titled, untitled] = [await render(toyFigure()), await render(toyFigure({ title: ' ' }))];
    expect(await inkBelow(titled.png, strip)).toBeGreaterThan(200);
    expect(await inkBelow(untitled.png, strip)).toBe(0);
  });

  it('gives PNG and SVG of the same picture at the size asked for', async () => {
    const { png, svg } = await render(toyFigure());
    const [raster, vector] = [await pixelsOf(png), await pixelsOf(svg)];
    expect([raster.width, raster.height]).toEqual([480, 400]);
    expect([vector.width, vector.height]).toEqual([120, 100]);
    expect(svg.toString()).toMatch(/^<\?xml[^>]*\?>\s*<svg viewBox="0 0 120 100" /);
    expect(svg.toString()).not.toContain('<text');
    expect(await inkBelow(svg, 88)).toBeGreaterThan(10);
  });

  it('gives the same bytes twice, and in another process', async () => {
    const first = await render(toyFigure());
    const second = await render(toyFigure());
    expect(sha256(second.png)).toBe(sha256(first.png));
    expect(sha256(second.svg)).toBe(sha256(first.svg));
    const program = `
      import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
      import { render } from './figures/render.ts';
      import { toyFigure } from './test/figures/toy-figure.ts';
      for (const bytes of Object.values(await render(toyFigure()))) console.log(createHash('sha256').update(bytes).digest('hex'));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const elsewhere = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
    expect(elsewhere).toEqual([sha256(first.png), sha256(first.svg)]);
  });

  it('draws with the shipped font and no other', async () => {
    await render(toyFigure()); // the file's own family name is registered beside ours
    expect(new Set(GlobalFonts.families.map(({ family }) => family))).toEqual(new Set(['DejaVu Sans', fontFamily]));
  });

  it('uses no character that the shipped font lacks', () => {
    const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf');
    const available = codePointsOf(readFileSync(font));
    const folder = join(import.meta.dirname, '../../figures');
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const characters = new Set(Array.from(sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('')));
    const missing = [...characters].filter((c) => c !== '\n' && !available.has(c.codePointAt(0)!));
    expect(characters).toContain('ᐟ');
    expect(missing).toEqual([]);
  });
});

describe('render without the optional packages', () => {
  afterEach(() => {
    vi.doUnmock('chartjs-node-canvas');
    vi.resetModules();
  });

  it('says which packages to install, at which version', async () => {
    vi.resetModules();
    vi.doMock('chartjs-node-canvas', () => {
      throw new Error("Cannot find module '@napi-rs/canvas'");
    });
    const { render: fresh } = await import('../../figures/render.js');
    await expect(fresh(toyFigure())).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(
        'npm install @napi-rs/canvas@1.0.11 chart.js@4.6.1 chartjs-chart-matrix@3.1.0 dejavu-fonts-ttf@2.37.3',
      ) as string,
    });
  });
});
