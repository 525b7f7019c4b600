import { linearAxis, logAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { panelLetter } from './panel-letter.js';
import { columnWidth, curve, errorBars, palette } from './style.js';

/** f_top along a setting that is varied. */
export interface VariedSetting {
  /** What is varied, as the axis says. */
  readonly axis: string;
  readonly about: string;
  readonly points: readonly {
    readonly x: number;
    /** Of noise alone; null without noise. */
    readonly law: number | null;
    readonly measured: number;
    readonly error: number;
  }[];
}

/** f_top against batch, learning rate and dimension: the law of the noise alone and measured. */
export function noiseSettingsFigure({ panels: varied }: { readonly panels: readonly VariedSetting[] }): Figure {
  const panels = varied.map(({ axis, points }, i) => {
    const x = panelAxis(i);
    const xs = points.map((point) => point.x);
    return {
      x,
      bounds: [Math.min(...xs) / 1.5, Math.max(...xs) * 1.5] as const,
      ticks: xs.length > 3 ? xs.filter((_, at) => at % 2 === 0) : xs,
      law: curve(
        `law, ${axis}`,
        points.flatMap((point) => (point.law === null ? [] : [{ x: point.x, y: point.law }])),
        palette.vermilion,
        { x, dash: [5, 2], dots: 2.4, marker: 'triangle' },
      ),
      measured: curve(
        `measured, ${axis}`,
        points.map((point) => ({ x: point.x, y: point.measured })),
        palette.ink,
        { x, width: 0, dots: 2.6 },
      ),
      bars: errorBars(
        `± a standard error, ${axis}`,
        points.map((point) => ({ x: point.x, low: point.measured - point.error, high: point.measured + point.error })),
        palette.ink,
        { x },
      ),
    };
  });
  const [{ law, measured }] = panels as [(typeof panels)[number]];
  return {
    id: 'noise-settings',
    title: 'f_top against batch, learning rate and dimension',
    caption: `f_top of the full gradient late in SGD: measured ± a standard error (circles) and what the law of its noise alone has (triangles). ${varied.map(({ about }, i) => `${panelLetter(i)} ${about}.`).join(' ')}`,
    columns: ['series', 'setting', 'f_top'],
    width: columnWidth,
    height: 190,
    chart: chart(
      panels.flatMap((panel) => [panel.law, ...panel.bars, panel.measured]),
      {
        ...sideBySide(
          panels.map(({ bounds: [min, max], ticks }, i) =>
            logAxis({ title: varied[i]!.axis, side: 'bottom', min, max, ticks, share: 10 }),
          ),
          1.8,
        ),
        y: linearAxis({ title: 'fₜₒₚ', side: 'left', min: -0.05, max: 1.05, ticks: [0, 0.5, 1] }),
      },
      {
        panels: panels.map(({ x }) => ({ x, title: '' })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'measured', like: measured },
              { text: 'law of the noise', like: law },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}
