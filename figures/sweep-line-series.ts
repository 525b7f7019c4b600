import type { ErrorKind } from '../src/studies/sweep/plot/index.js';
import type { Cell } from '../src/studies/sweep/table.js';
import type { Series } from './figure.js';
import { barOf, type SweepCurve } from './sweep-curves.js';
import { curve, errorBars, palette, type CurveStyle } from './style.js';

const colours = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.ink,
];
const markers = ['circle', 'triangle', 'rectRot'] as const;
const dashes = [
  [4, 2],
  [1.5, 1.5],
  [7, 2, 1.5, 2],
  [2, 4],
] as const;

/** How the i-th of the curves looks: told apart by colour, in grey by the marker, and, as it is drawn under those before it, a little wider than they are. */
export function curveStyle(i: number): { readonly colour: string; readonly style: CurveStyle } {
  const marker = markers[i % markers.length]!;
  const wider = Math.min(Math.max(i, 0), 4);
  return {
    colour: colours[i % colours.length]!,
    style: { marker, dots: (marker === 'triangle' ? 2.7 : 2.2) + 0.3 * wider, width: 1.4 + 0.5 * wider },
  };
}

/** How the i-th further column looks, in whatever colour. */
export function dashOf(i: number): CurveStyle {
  return { dash: dashes[i % dashes.length]!, width: 1.2 };
}

/** Where curves are drawn: places along x, of names with a little room between curves, and the axes of the panel. */
export interface DrawnPlace {
  readonly at: (x: Cell) => number;
  /** On an axis of names: how far from them, and half the length of a dash. */
  readonly names?: { readonly shift: number; readonly half: number };
  readonly panel: { readonly x: string; readonly y: string };
}

/** The means of a curve, on names as dots alone, on numbers joined by lines. */
export function meanSeries(label: string, { points }: SweepCurve, i: number, { at, names, panel }: DrawnPlace): Series {
  const { colour, style } = curveStyle(i);
  const drawn = points
    .map(({ x, mean }) => ({ x: at(x) + (names?.shift ?? 0), y: mean.middle.mean }))
    .sort((a, b) => a.x - b.x);
  return curve(label, drawn, colour, {
    ...style,
    ...panel,
    ...(names && { width: 0 }),
    ...(drawn.length > 40 && { dots: 0 }),
  });
}

/** The bars of a curve, or a band where it has many points. `lowest` is where a bar that leaves a logarithmic axis ends. */
export function barSeries(
  label: string,
  { points }: SweepCurve,
  i: number,
  { at, names, panel }: DrawnPlace,
  { error, lowest }: { readonly error: ErrorKind; readonly lowest: number },
): Series[] {
  const { colour } = curveStyle(i);
  const bars = points
    .map(({ x, mean }) => {
      const [low, high] = barOf(mean, error);
      return { x: at(x) + (names?.shift ?? 0), low: Math.max(lowest, low), high };
    })
    .sort((a, b) => a.x - b.x);
  if (names !== undefined || !isBand(points.length))
    return errorBars(
      label,
      bars.filter(({ low, high }) => high > low),
      colour,
      { ...panel, width: 1.2 + 0.8 * Math.min(i, 4) },
    );
  const side = (end: 'low' | 'high') => bars.map((bar) => ({ x: bar.x, y: bar[end] }));
  return [
    curve(`${label}, lower`, side('low'), colour, { ...panel, width: 0 }),
    curve(`${label}, upper`, side('high'), colour, { ...panel, width: 0, band: true }),
  ];
}

/** Whether a curve of so many points has a band in place of bars. */
export const isBand = (points: number): boolean => points > 15;

/** A further column, dashed; on names a dash at each. */
export function dashedSeries(
  label: string,
  { points }: SweepCurve,
  colour: string,
  dash: CurveStyle,
  { at, names, panel }: DrawnPlace,
): Series[] {
  const drawn = points
    .map(({ x, mean }) => ({ x: at(x) + (names?.shift ?? 0), y: mean.middle.mean }))
    .sort((a, b) => a.x - b.x);
  if (names === undefined)
    return [curve(label, drawn, colour, { ...dash, ...panel, ...(drawn.length === 1 && { dots: 1.5 }) })];
  return drawn.map(({ x, y }) =>
    curve(
      label,
      [-1, 1].map((side) => ({ x: x + side * names.half, y })),
      colour,
      { ...dash, ...panel },
    ),
  );
}
