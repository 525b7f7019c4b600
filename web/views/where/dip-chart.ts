import { areaY, dot, line } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { whereControls, type WhereSettings } from './controls.js';
import { shownColumns, type MapColumn } from './map-columns.js';
import { noiseAxis } from './noise-axis.js';

/** The η/b from which on f_top(k) does not dip, against σ. */
export function dipChart({ noise, 'eta-over-b': ratio }: WhereSettings, all: readonly MapColumn[]): ChartContent {
  const places = shownColumns(all)
    .filter(({ lines }) => lines.length > 0)
    .map((column) => ({ noise: column.noise, ratio: column.withoutDip! }));
  const [low, high] = [whereControls['eta-over-b'].min, whereControls['eta-over-b'].max];
  return {
    caption:
      `Above the line the noise of SGD takes over before the flow leaves the top k: f_top(k) stays high all the way, without a dip. Below it f_top falls, and comes back later. ` +
      `The dot is your σ and η/b = ${short(ratio)}: a larger batch moves it down. To leading order in η/b, so not to be trusted near η/b = 1; where the line leaves the picture no step size removes the dip.`,
    height: 320,
    plot: {
      marginLeft: 58,
      marginBottom: 42,
      x: noiseAxis,
      y: { type: 'log', domain: [low, high], label: '↑ η/b', ticks: 5, tickFormat: (y: number) => short(y, 2) },
      marks: [
        areaY(places, { x: 'noise', y1: 'ratio', y2: high, fill: colours.blue, fillOpacity: 0.3, clip: true }),
        line(places, { x: 'noise', y: 'ratio', stroke: colours.ink, strokeWidth: 2, clip: true }),
        dot([[noise, ratio]], { r: 6, stroke: colours.ink, strokeWidth: 2, fill: 'var(--ground)' }),
      ],
    },
    key: [
      { text: 'no dip', colour: colours.blue, kind: 'area' },
      { text: 'η/b at which the takeover meets the edge', colour: colours.ink },
    ],
    table: () => ({ columns: ['noise', 'η/b without dip'], rows: places.map((place) => [place.noise, place.ratio]) }),
  };
}
