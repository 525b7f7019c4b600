import { logAxis } from '../../figures/axes.js';
import { chart } from '../../figures/chart.js';
import type { Figure } from '../../figures/figure.js';
import { curve, palette } from '../../figures/style.js';

/** A small figure: y = x³ on logarithmic axes. */
export function toyFigure({ title = 'time t', label = 't⁻²ᐟ³' } = {}): Figure {
  const points = [1, 10, 100].map((x) => ({ x, y: x ** 3 }));
  return {
    id: 'toy',
    title: 'A cube',
    caption: 'y = x³.',
    columns: ['series', 'x', 'y'],
    width: 120,
    height: 100,
    chart: chart(
      [curve('cube, "exact"', points, palette.blue)],
      {
        x: logAxis({ title, side: 'bottom', min: 1, max: 100, every: 1 }),
        y: logAxis({ title: 'y', side: 'left', min: 1, max: 1e6, every: 3 }),
      },
      { labels: label === '' ? [] : [{ text: label, x: 2, y: 1e5 }] },
    ),
  };
}
