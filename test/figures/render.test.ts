import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { render } from '../../figures/render.js';
import { fontFamily } from '../../figures/style.js';
import { inkBelow, pixelsOf } from './pixels.js';
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
      import { render } from './figures/render.ts';
      import { toyFigure } from './test/figures/toy-figure.ts';
      for (const bytes of Object.values(await render(toyFigure()))) console.log(createHash('sha256').update(bytes).digest('hex'));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const elsewhere = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n');
    expect(elsewhere).toEqual([sha256(first.png), sha256(first.svg)]);
  });

  it('has a glyph of its own for every character that figures use', async () => {
    await render(toyFigure()); // registers the font
    const glyph = (character: string): string => {
      const context = createCanvas(60, 60).getContext('2d');
      context.font = `40px "${fontFamily}"`;
      context.fillText(character, 10, 45);
      return sha256(Buffer.from(context.getImageData(0, 0, 60, 60).data));
    };
    const missing = glyph('\uffff');
    const characters = Array.from('⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᐟ₀₁₂ₜₒₚαελ√×→←−±');
    expect(characters.filter((character) => glyph(character) === missing)).toEqual([]);
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
