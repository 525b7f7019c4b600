import { gap, logAxis, panelAxis } from './axes.js';
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
  { key: 'overlap', title: '1 − overlap(g, Hg)' },
  { key: 'topFraction', title: '1 − fₜₒₚ' },
] as const;

/** What is missing of 1, measured against predicted, one point for each setting: noise alone, and noise with the flow that is left. */
export function noiseLawFigure({ points }: { readonly points: readonly LawComparison[] }): Figure {
  const panels = quantities.map(({ key, title }, i) => {
    const [x, y] = [panelAxis(i), i === 0 ? 'y' : 'y1'];
    const all = points.map(({ [key]: { measured, law, withFlow }, statement }) => ({
      statement,
      measured: 1 - measured.value,
      error: measured.error,
      alone: 1 - law.mean,
      both: 1 - withFlow,
    }));
    const seen = all.flatMap(({ measured, alone, both }) => [measured, alone, both]);
    const [low, high] = [Math.min(...seen) / 1.6, Math.min(1, Math.max(...seen) * 1.6)];
    const axis = { min: low, max: high, ticks: ticksWithin(low, high) };
    const dots = (label: string, of: (one: (typeof all)[number]) => number, colour: string, isAlone: boolean) =>
      all.map((one) =>
        curve(`${title}, ${label}, ${one.statement}`, [{ x: of(one), y: one.measured }], colour, {
          x,
          y,
          width: 0,
          dots: isAlone ? 3.2 : 2.6,
          marker: isAlone ? 'triangle' : 'circle',
        }),
      );
    return {
      x,
      y,
      title,
      axis,
      diagonal: guide(
        `measured as predicted, ${title}`,
        [low, high].map((value) => ({ x: value, y: value })),
        { x, y },
      ),
      moved: all.map(({ alone, both, measured, statement }) =>
        curve(
          `${title}, what flow adds, ${statement}`,
          [alone, both].map((value) => ({ x: value, y: measured })),
          palette.grey,
          { x, y, width: 0.7 },
        ),
      ),
      alone: dots('noise alone', ({ alone }) => alone, palette.vermilion, true),
      both: dots('noise and flow', ({ both }) => both, palette.ink, false),
      bars: all.flatMap(({ both, measured, error, statement }) =>
        errorBars(
          `${title}, ± a standard error, ${statement}`,
          [{ x: both, low: Math.max(low, measured - error), high: Math.min(high, measured + error) }],
          palette.ink,
          { x, y, width: 0.9 },
        ),
      ),
    };
  });
  const [{ alone, both, diagonal }] = panels as [(typeof panels)[number]];
  const [left, right] = panels as [(typeof panels)[number], (typeof panels)[number]];
  return {
    id: 'noise-law',
    title: 'The law of the noise against SGD',
    caption: `What is missing of 1, measured late in training (mean over three seeds ± a standard error) against the law of SGD's noise, without a fitted number: ${points.map(({ statement }) => statement).join('; ')}. Triangles: noise alone; circles: with the flow, which is the energy outside the top space that noise does not account for, and taken to have no curvature. (a) 1 − overlap(g, Hg); (b) 1 − f_top(m). Dashed: measured as predicted.`,
    columns: ['series', 'predicted', 'measured'],
    width: columnWidth,
    height: 225,
    chart: chart(
      panels.flatMap((panel) => [panel.diagonal, ...panel.moved, ...panel.bars, ...panel.alone, ...panel.both]),
      {
        x: logAxis({ title: 'law', side: 'bottom', ...left.axis, share: 10 }),
        gap: gap('bottom', 2.4),
        x1: logAxis({ title: 'law', side: 'bottom', ...right.axis, share: 10 }),
        y: logAxis({ title: 'measured', side: 'left', ...left.axis }),
        y1: logAxis({ side: 'right', ...right.axis }),
      },
      {
        panels: panels.map(({ x, y, title }) => ({ x, y, title })),
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

/** 1, 2 and 5 times powers of ten, or the powers alone where there are more than four. */
function ticksWithin(low: number, high: number): number[] {
  const within = (ticks: readonly number[]): number[] => ticks.filter((tick) => tick >= low && tick <= high);
  const fine = within([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  return fine.length <= 4 ? fine : within([0.001, 0.01, 0.1, 1]);
}
