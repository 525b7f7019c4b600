import type { Axis } from './axes.js';
import type { FigureChart, Series } from './figure.js';
import { panels, type Label } from './labels.js';

/**
 * The configuration that all figures share: no animation, no legend box (curves are labelled where they are), frames.
 *
 * Axes of one side that have a `share` are laid out one after the other: from the bottom up and from the left to the right.
 */
export function chart(
  series: readonly Series[],
  axes: Readonly<Record<string, Axis>>,
  labels: readonly Label[],
  top = 8,
): FigureChart {
  return {
    type: 'line',
    data: { datasets: [...series] },
    options: {
      animation: false,
      events: [],
      layout: { padding: { left: 2, right: 10, top, bottom: 2 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: axes,
    },
    plugins: [panels(labels)],
  };
}
