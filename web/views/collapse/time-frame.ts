import { areaY, line, rect, ruleX, type Markish, type PlotOptions } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent, KeyEntry } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import type { CollapseCurves } from './collapse-curves.js';
import { firstTime, lastTime, type CollapseSettings } from './controls.js';

/** Powers of ten for an axis, not more than seven. */
export function decades(from: number, to: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.ceil((last - first) / 6) || 1;
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return powers.filter((power) => (power - last) % step === 0).map((power) => Number(`1e${power}`));
}
/** `1e6`. */
export const tickFormat = (x: number): string => short(x, 2).replace('e+', 'e');

/** A point of a curve. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  readonly values: readonly number[];
}

/** Median, band, single curves and window in time; `of`: what is drawn of f_top(k). */
export function timeFrame(
  settings: CollapseSettings,
  curves: CollapseCurves | undefined,
  of: (value: number) => number,
  guides: readonly Markish[],
  y: NonNullable<PlotOptions['y']>,
  guideKey: readonly KeyEntry[],
): Omit<ChartContent, 'caption'> {
  const { noise, times: marked } = settings;
  const drawn = curvesOf(curves);
  const last = lastTime(settings);
  const window = curves?.window;
  const band =
    curves?.times.map((time, i) => ({ time, low: of(curves.quantiles[i]![2]), high: of(curves.quantiles[i]![0]) })) ??
    [];
  const points = (values: readonly number[]): Point[] =>
    values.map((value, i) => ({ time: curves!.times[i]!, value: of(value) }));
  return {
    height: 400,
    plot: {
      marginTop: 28,
      marginLeft: 60,
      marginBottom: 42,
      x: {
        type: 'log',
        domain: [firstTime, last],
        label: 'time t = learning rate × steps →',
        labelAnchor: 'center',
        ticks: decades(firstTime, last),
        tickFormat,
      },
      y,
      marks: [
        ...(window?.opens == null
          ? []
          : [rect([{}], { x1: window.opens, x2: window.closes ?? last, fill: colours.green, fillOpacity: 0.15 })]),
        areaY(band, { x: 'time', y1: 'low', y2: 'high', fill: colours.blue, fillOpacity: 0.25, clip: true }),
        ...guides,
        ...drawn.map(({ values, colour, dash }) =>
          line(points(values), {
            x: 'time',
            y: 'value',
            stroke: colour,
            strokeDasharray: dash,
            strokeWidth: 2,
            clip: true,
          }),
        ),
        ruleX([marked], { stroke: colours.ink, strokeOpacity: 0.5 }),
      ],
    },
    key: [
      ...drawn.map(({ name, colour, dash }) => ({ text: name, colour, dash })),
      ...(curves === undefined
        ? []
        : [{ text: '5 to 95 % of the draws', colour: colours.blue, kind: 'area' as const }]),
      ...(noise > 0 ? [{ text: 'window', colour: colours.green, kind: 'area' as const, opacity: 0.15 }] : []),
      ...guideKey,
    ],
    table: () => ({
      columns: [
        'time',
        'f_top 5 %',
        'f_top median',
        'f_top 95 %',
        ...drawn.slice(1).map(({ name }) => `f_top ${name}`),
      ],
      rows:
        curves?.times.map((time, i) => [
          time,
          ...curves.quantiles[i]!,
          ...drawn.slice(1).map(({ values }) => values[i]!),
        ]) ?? [],
    }),
  };
}

function curvesOf(curves: CollapseCurves | undefined): Curve[] {
  if (curves === undefined) return [];
  const { quantiles, drawn, draws, single, noiseless } = curves;
  const count = drawn < draws ? `${drawn} of ${draws}` : String(draws);
  return [
    { name: `median of ${count} draws`, colour: colours.blue, dash: '', values: quantiles.map(([, median]) => median) },
    ...(single === undefined ? [] : [{ name: 'this seed', colour: colours.vermilion, dash: '5 2', values: single }]),
    ...(noiseless === undefined
      ? []
      : [{ name: 'median without noise', colour: colours.orange, dash: '6 3', values: noiseless }]),
  ];
}
