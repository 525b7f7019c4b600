import { gap, linearAxis, logAxis } from './axes.js';
import { chart } from './chart.js';
import type { DrawnPoint, Figure } from './figure.js';
import { heatMap } from './heat-map.js';
import { columnWidth } from './style.js';

/** What is on both axes: `count` cells, even in the logarithm, from `min` to `max`, a label at every `every`-th decade. */
export interface OverlapAxis {
  readonly title: 'step' | 'time';
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly every: number;
}

/** Overlaps of the top m eigenvectors between any two places of the axis as a heat map, beside those of the next m, with their key. */
export function overlapPair(
  m: number,
  cells: Readonly<Record<'top' | 'next', readonly Required<DrawnPoint>[]>>,
  { title, count, ...range }: OverlapAxis,
): Pick<Figure, 'columns' | 'width' | 'height' | 'chart'> {
  const key = Array.from({ length: 64 }, (_, i) => ({ x: 0, y: (i + 0.5) / 64, v: (i + 0.5) / 64 }));
  const grid = [count, count] as const;
  const across = () => logAxis({ title: `${title} t₁`, side: 'bottom', ...range, share: 12 });
  return {
    columns: ['eigenvectors', `${title} 1`, `${title} 2`, 'overlap'],
    width: columnWidth,
    height: 153,
    chart: chart(
      [
        heatMap(`1 to ${m}`, cells.top, grid, { x: 'x' }),
        heatMap(`${m + 1} to ${2 * m}`, cells.next, grid, { x: 'next' }),
        heatMap(undefined, key, [1, key.length], { x: 'key', y: 'overlap' }),
      ],
      {
        x: across(),
        between: gap('bottom', 1),
        next: across(),
        beside: gap('bottom', 1),
        key: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [], share: 1 }),
        y: logAxis({ title: `${title} t₂`, side: 'left', ...range }),
        overlap: linearAxis({ title: 'overlap', side: 'right', min: 0, max: 1, ticks: [0, 0.5, 1] }),
      },
      {
        panels: [
          { x: 'x', title: `top ${m}` },
          { x: 'next', title: `next ${m}` },
        ],
        top: 18,
      },
    ),
  };
}
