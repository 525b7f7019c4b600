import { evenTicks, linearAxis, panelAxis, sideBySide } from './axes.js';
import { chart } from './chart.js';
import type { Figure } from './figure.js';
import { columnWidth, curve, errorBars, guide, palette } from './style.js';

interface Pair {
  readonly measured: { readonly value: number; readonly error: number };
  readonly law: { readonly mean: number };
  readonly withFlow: number;
}

/** A setting in which the noise law was held against SGD. */
export interface LawComparison {
  readonly statement: string;
  readonly overlap: Pair;
  readonly topFraction: Pair;
}

const quantities = [
  { key: 'overlap', title: 'overlap(g, Hg)' },
  { key: 'topFraction', title: 'fₜₒₚ' },
] as const;

/** Measured against predicted, one point for each setting: noise alone, and noise with the flow that is left. */
export function noiseLawFigure({ points }: { readonly points: readonly LawComparison[] }): Figure {
  const values = points.flatMap((point) =>
    quantities.flatMap(({ key }) => {
      const { measured, law, withFlow } = point[key];
      return [measured.value - measured.error, law.mean, withFlow];
    }),
  );
  const low = Math.floor(20 * (Math.min(...values) - 0.01)) / 20;
  const panels = quantities.map(({ key, title }, i) => {
    const x = panelAxis(i);
    const all = points.map((point) => ({ ...point[key], name: point.statement }));
    const dots = (label: string, of: (pair: Pair) => number, colour: string, marker: 'circle' | 'triangle') =>
      all.map((pair) =>
        curve(`${title}, ${label}, ${pair.name}`, [{ x: of(pair), y: pair.measured.value }], colour, {
          x,
          width: 0,
          dots: marker === 'triangle' ? 3.2 : 2.8,
          marker,
        }),
      );
    return {
      x,
      title,
      diagonal: guide(
        `measured as predicted, ${title}`,
        [low, 1].map((value) => ({ x: value, y: value })),
        { x },
      ),
      moved: all.map(({ law, withFlow, measured, name }) =>
        curve(
          `${title}, what the flow takes, ${name}`,
          [law.mean, withFlow].map((value) => ({ x: value, y: measured.value })),
          palette.grey,
          { x, width: 0.7 },
        ),
      ),
      alone: dots('noise alone', ({ law }) => law.mean, palette.vermilion, 'triangle'),
      both: dots('noise and flow', ({ withFlow }) => withFlow, palette.ink, 'circle'),
      bars: all.flatMap(({ withFlow, measured: { value, error }, name }) =>
        errorBars(
          `${title}, ± a standard error, ${name}`,
          [{ x: withFlow, low: value - error, high: Math.min(1, value + error) }],
          palette.ink,
          { x, width: 0.9 },
        ),
      ),
    };
  });
  const [{ alone, both, diagonal }] = panels as [(typeof panels)[number]];
  const axis = { min: low, max: 1, ticks: evenTicks(low, 1, 5) };
  return {
    id: 'noise-law',
    title: 'The law of the noise against SGD',
    caption: `Measured late in training, mean over three seeds ± a standard error, against the law of SGD's noise, without a fitted number: ${points.map(({ statement }) => statement).join('; ')}. Triangles: noise alone; circles: with the flow, the energy outside the top space that noise does not account for, of no curvature. (a) overlap(g, Hg); (b) f_top(m). Dashed: measured as predicted.`,
    columns: ['series', 'predicted', 'measured'],
    width: columnWidth,
    height: 205,
    chart: chart(
      panels.flatMap((panel) => [panel.diagonal, ...panel.moved, ...panel.bars, ...panel.alone, ...panel.both]),
      {
        ...sideBySide(
          panels.map(({ title }) => linearAxis({ title: `${title}, law`, side: 'bottom', ...axis, share: 10 })),
          1.8,
        ),
        y: linearAxis({ title: 'measured', side: 'left', ...axis }),
      },
      {
        panels: panels.map(({ x, title }) => ({ x, title })),
        legends: [
          {
            row: 9,
            entries: [
              { text: 'noise alone', like: alone[0]! },
              { text: 'noise and flow', like: both[0]! },
              { text: 'equal', like: diagonal },
            ],
          },
        ],
        top: 34,
      },
    ),
  };
}
