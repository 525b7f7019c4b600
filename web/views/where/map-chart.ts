import { dot, line, rect, ruleX, ruleY, text, type Markish } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import { sectorName, smallNoiseLaw } from '../../../src/exact/noisy/index.js';
import type { ChartContent } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import { sectorStyles } from '../../core/sectors.js';
import type { ChartTable } from '../../core/table.js';
import { noiseRange, type WhereSettings } from './controls.js';
import { shownColumns, type MapColumn } from './map-columns.js';

/** How strongly f_top = 1 is coloured. */
const opacities = { flow: 0.3, sgd: 0.65 } as const;

const lineStyles: typeof sectorStyles = {
  ...sectorStyles,
  boundary: { colour: colours.ink, dash: '' },
  takeover: { colour: colours.vermilion, dash: '6 3' },
};
const lineNames: Readonly<Record<string, string>> = {
  boundary: 'the flow leaves the top k',
  takeover: 'from here on noise outweighs the flow',
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
    caption: map === 'flow' ? flowCaption(k, columns) : sgdCaption(settings),
    height: 460,
    plot: {
      marginTop: 28,
      marginLeft: 50,
      marginBottom: 42,
      x: {
        type: 'log',
        domain: [...noiseRange],
        label: 'noise of the data σ →',
        labelAnchor: 'center',
        ticks: [0.1, 0.2, 0.3, 0.5, 1],
        tickFormat: (x: number) => String(x),
      },
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
        text: lineNames[name] ?? `the ${sectorName(name)} level overtakes`,
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

const flowCaption = (k: number, columns: readonly MapColumn[]): string => {
  const undecided = columns.flatMap(({ fractions }) => fractions).filter(({ lower, upper }) => lower < upper).length;
  return (
    `Coloured: the whole gradient lies in the top k = ${k} eigenvectors of the Hessian, f_top(k) = 1; blank: none of it, f_top(k) = 0. ` +
    `Training moves straight up, from α = 0 to the best margin α* = 1/σ²; the first line it meets, where another level overtakes the gradient’s, ends the claim. ` +
    `The dashed law gives that height for σ → 0 only. The usual measure overlap(g, Hg) is 1 on the whole map and does not see the edge.` +
    (undecided === 0 ? '' : ` Half coloured: ${undecided} places whose levels are too close to tell apart here.`)
  );
};

const sgdCaption = ({ classes: k, 'eta-over-b': ratio }: WhereSettings): string =>
  `The colour is f_top(k), the share of E‖g‖² in the top k = ${k} eigenvectors, of flow and noise together at η/b = ${short(ratio)}. Below the solid line the flow is inside and f_top near 1; ` +
  `between the lines it is outside and f_top low; above the dashed one the noise outweighs the flow and brings part of f_top back, which is no sign of learning there. ` +
  `To leading order in η/b: where the second order below is not small, do not trust it.`;

interface Line {
  readonly name: string;
  readonly places: readonly { readonly noise: number; readonly relative: number }[];
}

interface RegionName {
  readonly noise: number;
  readonly relative: number;
  readonly name: string;
}

/** Names of the regions between the lines, near the left end. */
function regionNames({ map }: WhereSettings, lines: readonly Line[]): RegionName[] {
  const noise = 0.112;
  const heights = lines
    .map(({ places }) => places.find((place) => place.noise >= noise)?.relative ?? 0)
    .sort((x, y) => x - y);
  if (heights.length === 0) return [];
  const [edge, second = 1] = heights as [number, number?];
  if (map === 'flow')
    return [
      { noise, relative: edge / 2, name: 'inside: f_top(k) = 1' },
      { noise, relative: (1 + heights.at(-1)!) / 2, name: 'outside: f_top(k) = 0' },
    ];
  return [
    { noise, relative: edge / 2, name: 'flow, inside' },
    { noise, relative: (edge + second) / 2, name: 'flow, outside' },
    { noise, relative: (1 + second) / 2, name: 'noise of SGD' },
  ].filter(({ relative }, i) => i !== 1 || relative - edge > 0.04);
}

interface Cell {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly drawn: number;
}

/** One rectangle for neighbours of one colour. */
function cellsOf({ from, to, fractions }: MapColumn): Cell[] {
  const cells: Cell[] = [];
  fractions.forEach(({ drawn }, i) => {
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
