import { createRequire } from 'node:module';
import { UsageError } from '../src/errors.js';
import type { Figure } from './figure.js';
import { fontFamily } from './style.js';

/** Dots per CSS pixel of the PNG: 4 × 96 = 384 per inch. */
const resolution = 4;

const require = createRequire(import.meta.url);

/** The optional packages that drawing needs besides chartjs-node-canvas, which comes with this one. */
const packages = ['@napi-rs/canvas', 'chart.js', 'chartjs-chart-matrix', 'dejavu-fonts-ttf'];

/** How a figure is rendered besides the PNG. */
export interface RenderOptions {
  /** A PDF as well. */
  readonly pdf?: boolean;
  /** Text of the SVG as text, in the figure's font where the reader has it, and not as outlines. */
  readonly svgText?: boolean;
}

/** The bytes of a figure in each format; `pdf` where it was asked for. */
export interface Rendered {
  readonly png: Uint8Array;
  readonly svg: Uint8Array;
  readonly pdf?: Uint8Array;
}

/**
 * The figure as PNG, as SVG, and as PDF if asked for, the same bytes on every run and every machine: the fonts are shipped, those of
 * the machine are not looked at. Text in the SVG is outlines unless asked otherwise; in the PDF it is text, with its font embedded.
 *
 * Throws UsageError where the optional packages are not installed. Cost: about 0.3 s, of which the first call spends half on
 * loading them.
 */
export async function render(figure: Figure, { pdf = false, svgText = false }: RenderOptions = {}): Promise<Rendered> {
  const { ChartJSNodeCanvas } = await loadRenderer();
  const draw = (type: 'png' | 'svg' | 'svg-text' | 'pdf'): Buffer => {
    const { width, height, chart } = figure;
    const renderer = new ChartJSNodeCanvas({
      width,
      height,
      backgroundColour: 'white',
      plugins: { modern: ['chartjs-chart-matrix'] },
      ...(type === 'png' ? {} : { type: type as 'svg' }), // the local package `canvas` knows one more
    });
    renderer.registerFont(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'), { family: fontFamily });
    const options = { ...chart.options, devicePixelRatio: dotsPerPixel[type] };
    const configuration = { ...chart, options } as unknown as Parameters<typeof renderer.renderToBufferSync>[0];
    return renderer.renderToBufferSync(configuration, mimeTypes[type]);
  };
  const svg = finished(draw(svgText ? 'svg-text' : 'svg').toString(), figure);
  return { png: draw('png'), svg: Buffer.from(svgText ? editable(svg) : svg), ...(pdf && { pdf: draw('pdf') }) };
}

/** A point of the PDF is 1/72 inch. */
const dotsPerPixel = { png: resolution, svg: 1, 'svg-text': 1, pdf: 72 / 96 };
const mimeTypes = {
  png: 'image/png',
  svg: 'image/svg+xml',
  'svg-text': 'image/svg+xml',
  pdf: 'application/pdf',
} as const;

/** Adds the viewBox, without which an SVG cannot be scaled, and replaces the canvas's running ids by ids of this figure's own. */
function finished(svg: string, { id, width, height }: Figure): string {
  const names = new Map<string, string>();
  const renamed = svg.replaceAll(/( id="|url\(#|href="#)([^")]+)/g, (_, before: string, name: string) => {
    if (!names.has(name)) names.set(name, `${id}-${names.size + 1}`);
    return `${before}${names.get(name)!}`;
  });
  return renamed.replace('<svg ', `<svg viewBox="0 0 ${width} ${height}" `);
}

/** Makes each text one run that a program can edit: one place for all its letters. */
function editable(svg: string): string {
  return svg
    .replaceAll(/(<text [^>]*>)\s*([^<]*?)\s*<\/text>/g, '$1$2</text>')
    .replaceAll(/ (x|y)="([-\d.e]+),[^"]*"/g, ' $1="$2"')
    .replaceAll(/font-family="([^"]*)"/g, 'font-family="$1, sans-serif"');
}

async function loadRenderer(): Promise<typeof import('chartjs-node-canvas')> {
  process.env.DISABLE_SYSTEM_FONTS_LOAD = '1'; // read when @napi-rs/canvas loads
  try {
    for (const name of packages) require.resolve(name === 'dejavu-fonts-ttf' ? `${name}/package.json` : name);
    return await import('chartjs-node-canvas');
  } catch (error) {
    throw new UsageError(
      `drawing figures needs the optional packages ${packages.join(', ')}, and not all of them are installed; ` +
        `install them with: npm install ${versioned(packages).join(' ')}`,
      { cause: error },
    );
  }
}

function versioned(names: readonly string[]): string[] {
  const { optionalDependencies } = require('tiny-subspace/package.json') as {
    optionalDependencies: Record<string, string>;
  };
  return names.map((name) => `${name}@${optionalDependencies[name] ?? 'latest'}`);
}
