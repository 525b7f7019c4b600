import { createRequire } from 'node:module';
import { UsageError } from '../src/errors.js';
import type { Figure } from './figure.js';
import { fontFamily } from './style.js';

/** Dots per CSS pixel of the PNG: 4 × 96 = 384 per inch. */
const resolution = 4;

const require = createRequire(import.meta.url);

/** The optional packages that drawing needs besides chartjs-node-canvas, which comes with this one. */
const packages = ['@napi-rs/canvas', 'chart.js', 'chartjs-chart-matrix', 'dejavu-fonts-ttf'];

/**
 * The figure as PNG and as SVG, the same bytes on every run and every machine: the fonts are shipped, those of the machine
 * are not looked at, and text in the SVG is outlines.
 *
 * Throws UsageError where the optional packages are not installed. Cost: about 0.3 s, of which the first call spends half on
 * loading them.
 */
export async function render(figure: Figure): Promise<{ readonly png: Buffer; readonly svg: Buffer }> {
  const { ChartJSNodeCanvas } = await loadRenderer();
  const draw = (type: 'png' | 'svg'): Buffer => {
    const { width, height, chart } = figure;
    const svg = type === 'svg';
    const renderer = new ChartJSNodeCanvas({
      width,
      height,
      backgroundColour: 'white',
      plugins: { modern: ['chartjs-chart-matrix'] },
      ...(svg ? { type } : {}),
    });
    renderer.registerFont(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'), { family: fontFamily });
    const options = { ...chart.options, devicePixelRatio: svg ? 1 : resolution };
    return renderer.renderToBufferSync({ ...chart, options }, svg ? 'image/svg+xml' : 'image/png');
  };
  return { png: draw('png'), svg: finished(draw('svg').toString(), figure) };
}

/** Adds the viewBox, without which an SVG cannot be scaled, and replaces the canvas's running ids by ids of this figure's own. */
function finished(svg: string, { id, width, height }: Figure): Buffer {
  const names = new Map<string, string>();
  const renamed = svg.replaceAll(/( id="|url\(#|href="#)([^")]+)/g, (_, before: string, name: string) => {
    if (!names.has(name)) names.set(name, `${id}-${names.size + 1}`);
    return `${before}${names.get(name)!}`;
  });
  return Buffer.from(renamed.replace('<svg ', `<svg viewBox="0 0 ${width} ${height}" `));
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
