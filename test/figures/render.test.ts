import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { render } from '../../figures/render.js';
import { fontFamily } from '../../figures/style.js';
import { codePointsOf } from './glyphs.js';
import { GlobalFonts, inkBelow, pixelsOf } from './pixels.js';
import { toyFigure } from './toy-figure.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What draws the page, and the characters its fonts stand for: the streams of a PDF, unpacked. */
function contentsOf(pdf: Uint8Array): { content: string; unicode: string } {
  const text = Buffer.from(pdf).toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, packed]) =>
    inflateSync(Buffer.from(packed!, 'latin1')).toString('latin1'),
  );
  return {
    content: streams.find((one) => one.includes(' Tf'))!,
    unicode: streams.find((one) => one.includes('beginbf'))!,
  };
}

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
    expect(Buffer.from(svg).toString()).toMatch(/^<\?xml[^>]*\?>\s*<svg viewBox="0 0 120 100" /);
    expect(Buffer.from(svg).toString()).not.toContain('<text');
    expect(await inkBelow(svg, 88)).toBeGreaterThan(10);
  });

  it('gives text in the SVG as one run each, without a second copy for its halo, if asked to', async () => {
    const options = { svgText: true };
    const svg = Buffer.from((await render(toyFigure({ label: 'f_{top}' }), options)).svg).toString();
    const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)];
    expect(texts.map(([, , text]) => text).sort()).toEqual([
      '1',
      '1',
      '10',
      '10²',
      '10³',
      '10⁶',
      'f',
      'time t',
      'top',
      'y',
    ]);
    for (const [, attributes] of texts) {
      expect(attributes).toMatch(/ x="[-\d.e]+" y="[-\d.e]+"/);
      expect(attributes).toContain('font-family="DejaVu Sans Condensed, ');
    }
    expect(svg).not.toMatch(/<text [^>]*stroke=/);
    expect(await inkBelow(Buffer.from(svg), 88)).toBeGreaterThan(10); // a reader that has the font draws it
    expect(Buffer.from((await render(toyFigure(), options)).svg)).toEqual(
      Buffer.from((await render(toyFigure(), options)).svg),
    );
  });

  it('gives a PDF of one page, at the size asked for in points, with its font and without a date, if asked to', async () => {
    expect((await render(toyFigure())).pdf).toBeUndefined();
    const pages = await Promise.all([1, 2].map(async () => (await render(toyFigure(), { pdf: true })).pdf!));
    expect(sha256(pages[0]!)).toBe(sha256(pages[1]!));
    const pdf = Buffer.from(pages[0]!)
      .toString('latin1')
      .replaceAll(/stream[\s\S]*?endstream/g, '');
    expect(pdf).toMatch(/^%PDF-1\.\d/);
    expect(pdf).toContain('/Count 1');
    expect(pdf).toContain('/MediaBox [0 0 90 75]'); // 120 × 100 pixels of 1/96 inch
    expect(pdf).toMatch(/\/FontName \/\w+\+DejaVuSansCondensed/);
    expect(pdf).toContain('/ToUnicode');
    expect(pdf).not.toMatch(/CreationDate|ModDate/);
    expect(pdf).not.toContain('/Type3'); // no second copy of text, made of outlines
    const { content, unicode } = contentsOf(pages[0]!);
    expect(content).toMatch(/0?\.75 0 0 -?0?\.75 /); // pixels to points
    expect(content.match(/ T[jJ]/g)!.length).toBeGreaterThan(5); // text is text
    for (const letter of Array.from('time y⁻ᐟ', (c) => c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')))
      expect(unicode).toContain(letter);
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
