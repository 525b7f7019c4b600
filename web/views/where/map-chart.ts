import { dot, line, rect, ruleX, ruleY, text, type Markish } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import { smallNoiseLaw } from '../../../src/exact/noisy/index.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { sectorLines } from '../../core/sectors.js';
import type { ChartTable } from '../../core/table.js';
import type { WhereSettings } from './controls.js';
import { shownColumns, type MapColumn } from './map-columns.js';
import { lineName, mapCaption, regionNames } from './map-words.js';
import { noiseAxis } from './noise-axis.js';

/** How strongly f_top = 1 is coloured. */
const opacities = { flow: 0.3, sgd: 0.65 } as const;

const lineStyles: typeof sectorLines = {
  ...sectorLines,
  boundary: { colour: colours.ink, dash: '' },
  takeover: { colour: colours.vermilion, dash: '6 3' },
};
/** The map with its lines, the law for small noise, and the point chosen on it. */
export function mapChart(settings: WhereSettings, all: readonly MapColumn[]): ChartContent {
  const { classes: k, noise, relative, map } = settings;
  const columns = shownColumns(all);
  const lines = Object.keys(lineStyles).flatMap((name) => {
    const places = columns.flatMap((column) => {
      const place = column.lines.find((one) => one.line === name);
      return place === undefined ? [] : [{ noise: column.noise, relative: place.relativeMargin }];
    });
    return places.length === 0 ? [] : [{ name, ...lineStyles[name]!, places }];
  });
  const law = smallNoiseLaw(k);
  const opacity = opacities[map];
  const marks: Markish[] = [
    rect(columns.flatMap(cellsOf), {
      x1: 'from',
      x2: 'to',
      y1: 'low',
      y2: 'high',
      fill: colours.blue,
      fillOpacity: (cell: Cell) => opacity * cell.drawn,
      shapeRendering: 'crispEdges',
    }),
    ruleY([law], { stroke: colours.grey, strokeDasharray: '3 4', strokeWidth: 1.5 }),
    ...lines.map(({ colour, dash, places }) =>
      line(places, { x: 'noise', y: 'relative', stroke: colour, strokeDasharray: dash, strokeWidth: 2 }),
    ),
    ruleX([noise], { stroke: colours.ink, strokeOpacity: 0.5 }),
    ruleY([relative], { stroke: colours.ink, strokeOpacity: 0.5 }),
    dot([[noise, relative]], { r: 6, stroke: colours.ink, strokeWidth: 2, fill: 'var(--ground)' }),
    text(regionNames(settings, lines), {
      x: 'noise',
      y: 'relative',
      text: 'name',
      fill: colours.ink,
      stroke: 'var(--ground)',
      strokeOpacity: 0.6,
      textAnchor: 'start',
    }),
    ...(columns.length === 0 ? [text([[0.32, 0.5]], { text: ['computing …'], fill: colours.ink })] : []),
  ];
  return {
    caption: mapCaption(settings, columns),
    height: 460,
    plot: {
      marginTop: 28,
      marginLeft: 50,
      marginBottom: 42,
      x: noiseAxis,
      y: { domain: [0, 1], label: '↑ progress of training α/α*', ticks: 5 },
      marks,
    },
    key: [
      ...(map === 'flow' ? [1, 0] : [1, 0.5, 0]).map((value) => ({
        text: `f_top(k) = ${value}`,
        colour: colours.blue,
        kind: 'area' as const,
        opacity: opacity * value,
      })),
      ...lines.map(({ name, colour, dash }) => ({
        text: lineName(name),
        colour,
        dash,
      })),
      {
        text: `small-noise law, ${k === 2 ? '1/2' : '(1 − 1/√k)/2'} = ${short(law, 3)}`,
        colour: colours.grey,
        dash: '3 4',
      },
    ],
    table: () => tableOf(columns),
  };
}

interface Cell {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly drawn: number;
}

/** Colours that the eye can tell apart; the table has the numbers. */
const shades = 64;

/** One rectangle for neighbours of one colour. */
function cellsOf({ from, to, fractions }: MapColumn): Cell[] {
  const cells: Cell[] = [];
  fractions.forEach((fraction, i) => {
    const drawn = Math.round(shades * fraction.drawn) / shades;
    const [low, high] = [i / fractions.length, (i + 1) / fractions.length];
    const before = cells.at(-1);
    if (before?.drawn === drawn) cells[cells.length - 1] = { ...before, high };
    else cells.push({ from, to, low, high, drawn });
  });
  return cells;
}

function tableOf(columns: readonly MapColumn[]): ChartTable {
  return {
    columns: ['series', 'noise', 'relative margin', 'lower', 'upper'],
    rows: columns.flatMap(({ noise, fractions, lines }) => [
      ...lines.map(({ line: name, relativeMargin }) => [name, noise, relativeMargin, null, null]),
      ...fractions.map(({ lower, upper }, i) => ['f_top(k)', noise, (i + 0.5) / fractions.length, lower, upper]),
    ]),
  };
}
