import type { Axis } from './axes.js';
import type { FigureChart, Series } from './figure.js';
import { annotations, type Annotations } from './panels.js';

/**
 * The configuration that all figures share: no animation, no box of Chart.js's own (curves are named where they are, or by our legend), frames.
 *
 * Axes of one side that have a `share` are laid out one after the other: from the bottom up and from the left to the right.
 * `top` is the room above the panels.
 */
export function chart(
  series: readonly Series[],
  axes: Readonly<Record<string, Axis>>,
  { top = 8, ...said }: Annotations & { readonly top?: number } = {},
): FigureChart {
  return {
    type: 'line',
    data: { datasets: series },
    options: {
      animation: false,
      events: [],
      layout: { padding: { left: 2, right: 10, top, bottom: 2 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: axes,
    },
    plugins: [annotations(said)],
  };
}
