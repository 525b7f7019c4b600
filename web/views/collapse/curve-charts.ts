import { areaY, line, rect, ruleX, ruleY, type Markish, type PlotOptions } from '@observablehq/plot';
import { short } from '../../../src/numeric/short-number.js';
import type { ChartContent, KeyEntry } from '../../core/chart.js';
import { colours } from '../../core/colours.js';
import type { CollapseCurves } from './collapse-curves.js';
import { firstTime, lastTime, type CollapseSettings } from './controls.js';

/** Below it nothing is left of 1 − f_top but rounding. */
const least = 1e-14;

/** Powers of ten for an axis, not more than seven. */
function decades(from: number, to: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.ceil((last - first) / 6) || 1;
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return powers.filter((power) => (power - last) % step === 0).map((power) => Number(`1e${power}`));
}
const tickFormat = (x: number): string => short(x, 2).replace('e+', 'e');

interface Point {
  readonly time: number;
  readonly value: number;
}

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  readonly values: readonly number[];
}

/** 1 − f_top(k) against time, both by ratios: how fast the collapse is, and with noise how it ends. */
export function restChart(settings: CollapseSettings, curves: CollapseCurves | undefined): ChartContent {
  const { classes: k, noise, threshold } = settings;
  const law = lawOf(settings, curves);
  const rest = (value: number): number => Math.max(least, 1 - value);
  const lowest = Math.max(least, Math.min(1e-3, ...(curves?.quantiles.map(([, , high]) => rest(high) / 2) ?? [])));
  return {
    ...frame(
      settings,
      curves,
      rest,
      [
        ...(law.length > 0
          ? [line(law, { x: 'time', y: 'value', stroke: colours.ink, strokeDasharray: '2 4', strokeWidth: 2 })]
          : []),
        ...(noise > 0 ? [ruleY([1 - threshold], { stroke: colours.grey, strokeDasharray: '3 3' })] : []),
      ],
      {
        type: 'log',
        domain: [lowest, 2],
        label: '↑ outside the top k: 1 − f_top(k)',
        ticks: decades(lowest, 1),
        tickFormat,
      },
      [
        ...(law.length > 0 ? [{ text: `law t^(−2/${k})`, colour: colours.ink, dash: '2 4' }] : []),
        ...(noise > 0
          ? [{ text: `1 − threshold = ${short(1 - threshold, 3)}`, colour: colours.grey, dash: '3 3' }]
          : []),
      ],
    ),
    caption: restCaption(settings, curves),
  };
}

/** f_top(k) itself against time: where it starts and what it comes to. */
export function fractionChart(settings: CollapseSettings, curves: CollapseCurves | undefined): ChartContent {
  const { classes: k, noise, threshold } = settings;
  const start = 1 / (k - 1);
  return {
    ...frame(
      settings,
      curves,
      (value) => value,
      [
        ruleY([start], { stroke: colours.ink, strokeDasharray: '2 4' }),
        ...(noise > 0 ? [ruleY([threshold], { stroke: colours.grey, strokeDasharray: '3 3' })] : []),
      ],
      { domain: [0, 1.02], label: '↑ f_top(k)', ticks: 5 },
      [
        { text: `1/(k − 1) = ${short(start, 3)}`, colour: colours.ink, dash: '2 4' },
        ...(noise > 0 ? [{ text: `threshold = ${short(threshold, 3)}`, colour: colours.grey, dash: '3 3' }] : []),
      ],
    ),
    caption:
      k === 2
        ? 'With two classes the Hessian without noise has only two eigenvectors of positive eigenvalue, and the gradient lies in them at all times: nothing collapses.'
        : `The share f_top(k) of the squared gradient in the top k eigenvectors. From a small random start it begins near 1/(k − 1), where all eigenvalues are almost the same and the top k are hardly defined, ` +
          (noise === 0
            ? `and comes to 1: the gradient collapses into a tiny subspace. A single start jumps where two eigenvalues change places; the median does not.`
            : `and comes near 1; but with noise the collapse ends when the gradient’s eigenvalue falls below others. To first order in δ, so wrong within some 50 δ of the start.`),
  };
}

function frame(
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

/** t^(−2/k) through the end of the median, over its last six decades. */
function lawOf({ classes: k, noise }: CollapseSettings, curves: CollapseCurves | undefined): Point[] {
  if (noise > 0 || k === 2 || curves === undefined) return [];
  const { times, quantiles } = curves;
  const [last, end] = [times.at(-1)!, 1 - quantiles.at(-1)![1]];
  return times.filter((time) => time >= last / 1e6).map((time) => ({ time, value: end * (time / last) ** (-2 / k) }));
}

function restCaption({ classes: k, noise, threshold }: CollapseSettings, curves: CollapseCurves | undefined): string {
  if (k === 2 && noise === 0)
    return 'With two classes f_top(2) = 1 at all times, and nothing is left outside: choose k of 3 or more.';
  if (noise === 0)
    return (
      `What is left of the squared gradient outside the top k = ${k}, solved exactly. Late in training it falls as t^(−2/${k}), whatever the start: the law gives the slope, not the height. ` +
      `It is a law for late times, when t^(1/${k}) is large` +
      (curves === undefined
        ? '.'
        : `; at the end of the picture that is ${short(curves.times.at(-1)! ** (1 / k), 2)}, and the slope over the last decades ${slopeAtEnd(curves).toFixed(4)}, that of the law ${(-2 / k).toFixed(4)}.`)
    );
  return (
    `What is left of the squared gradient outside the top k = ${k} at σ = ${short(noise)}, to first order in δ. The collapse is a window in time, shaded: the median of f_top(k) is above ${threshold} only there` +
    (curves?.window === undefined || curves.window.opens !== null ? '' : '; here it never is') +
    `. It ends where the gradient’s eigenvalue falls below others, which does not happen without noise. Not to be trusted while f_top is far from 1, within some 50 δ of the start, nor right at the end of the window.`
  );
}

/** Of the median on logarithmic axes, over the last eight points. */
function slopeAtEnd({ times, quantiles }: CollapseCurves): number {
  const [late, early] = [-1, -9].map((at) => ({ t: times.at(at)!, rest: 1 - quantiles.at(at)![1] })) as [
    { t: number; rest: number },
    { t: number; rest: number },
  ];
  return Math.log(late.rest / early.rest) / Math.log(late.t / early.t);
}
