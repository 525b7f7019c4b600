import { areaY, dot, lineY, ruleY } from '@observablehq/plot';
import type { TrainRecord } from '../../../src/train/observables/index.js';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent, KeyEntry } from '../../core/chart.js';
import { placeAlong, spansDecades, xOptions, type DrawnAxis } from './drawn-axis.js';
import type { ShownRun } from './shown-run.js';

/** A quantity of records that is drawn: what is known of it, and how its curves differ from those of others in the chart. */
export interface DrawnQuantity {
  readonly name: string;
  readonly of: (
    record: TrainRecord,
    run: ShownRun,
  ) => { readonly lower: number; readonly middle: number | null; readonly upper: number } | null;
  /** In place of the dash of the run, thinner. */
  readonly dash?: string;
}

/** A level that is drawn across, with its name. */
export interface AcrossLevel {
  readonly value: number;
  readonly text: string;
}

/** Decades alone, so that labels do not crowd. */
export const decade = (value: number): string =>
  Number.isInteger(Math.round(1e9 * Math.log10(value)) / 1e9) ? short(value) : '';

interface Point {
  readonly run: ShownRun;
  readonly record: TrainRecord;
  readonly x: number | null;
  readonly lower: number;
  readonly middle: number | null;
  readonly upper: number;
}

/** A chart of quantities of several runs against the step: bands between what is certain, lines where there is an estimate. */
export function curvesContent(
  runs: readonly ShownRun[],
  quantities: readonly DrawnQuantity[],
  {
    axis,
    label,
    domain,
    levels = [],
    caption,
    command,
  }: {
    readonly axis: DrawnAxis;
    readonly label: string;
    readonly domain?: readonly [number, number];
    readonly levels?: readonly AcrossLevel[];
    readonly caption: string;
    readonly command?: string;
  },
): ChartContent {
  const all = runs.flatMap((run) =>
    quantities.map((quantity) => ({
      run,
      quantity,
      points: run.drawn.map((record): Point => {
        const known = quantity.of(record, run);
        const nothing = { lower: NaN, middle: null, upper: NaN };
        return { run, record, x: placeAlong(axis, record), ...(known ?? nothing) };
      }),
    })),
  );
  const curves = all.filter(({ points }) => points.some(({ lower }) => Number.isFinite(lower)));
  const values = curves
    .flatMap(({ points }) => points.flatMap(({ lower, upper }) => [lower, upper]))
    .filter(Number.isFinite);
  const isLog = domain === undefined && spansDecades(values);
  const tells = runs.length > 1;
  return {
    caption: isLog ? `${caption} The vertical axis is logarithmic.` : caption,
    ...(command !== undefined && { command }),
    plot: {
      marginLeft: 55,
      grid: true,
      x: xOptions(axis),
      y: {
        label,
        type: isLog ? 'log' : 'linear',
        ...(isLog && { tickFormat: decade }),
        ...(domain && { domain: [...domain] }),
      },
      marks: [
        ...curves.flatMap(({ run, points, quantity: { dash } }) => {
          const own = points.filter(({ x }) => x !== null);
          const band = { x: 'x', y1: 'lower', y2: 'upper', fill: run.colour, fillOpacity: 0.25 };
          const line = {
            x: 'x',
            stroke: run.colour,
            strokeWidth: dash === undefined ? 2 : 1.3,
            strokeDasharray: dash ?? run.dash,
          };
          const edge = { ...line, strokeWidth: 0.8 };
          const isBand = own.some(({ upper, lower }) => upper > lower);
          const hasMiddle = own.some(({ middle }) => middle !== null);
          return [
            ...(isBand ? [areaY(own, band)] : []),
            ...(isBand && !hasMiddle ? [lineY(own, { ...edge, y: 'lower' }), lineY(own, { ...edge, y: 'upper' })] : []),
            ...(hasMiddle ? [lineY(own, { ...line, y: 'middle' })] : []),
            ...(hasMiddle && own.length <= 60 && dash === undefined
              ? [dot(own, { x: 'x', y: 'middle', fill: run.colour, r: 2.5 })]
              : []),
          ];
        }),
        ...levels.map(({ value }) => ruleY([value], { stroke: 'var(--grey)', strokeDasharray: '2 4' })),
      ],
    },
    key: [
      ...curves.map(({ run, quantity }): KeyEntry => ({
        text: [...(tells ? [run.name] : []), ...(quantities.length > 1 || !tells ? [quantity.name] : [])].join(': '),
        colour: run.colour,
        dash: quantity.dash ?? run.dash,
      })),
      ...levels.map(({ text }) => ({ text, colour: 'var(--grey)', dash: '2 4' })),
    ],
    table: () => ({
      columns: ['run', 'quantity', 'step', 'time', 'lower', 'middle', 'upper'],
      rows: curves.flatMap(({ run, quantity, points }) =>
        points
          .filter(({ x, lower }) => x !== null && Number.isFinite(lower))
          .map(({ record, lower, middle, upper }) => [
            run.name,
            quantity.name,
            record.step,
            record.time,
            lower,
            middle,
            upper,
          ]),
      ),
    }),
  };
}
