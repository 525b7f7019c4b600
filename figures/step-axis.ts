import { decimalTicks, evenTicks, gap, linearAxis, logAxis, type Axis } from './axes.js';
import type { DrawnPoint, Series } from './figure.js';
import { curve, type CurveStyle } from './style.js';

/** What a caption says of a logarithmic one. */
export const logarithmicSteps = ', on a logarithmic axis; step 0 is left of it';

/** The steps of a run as a horizontal axis; on a logarithmic one step 0 has a place of its own. */
export interface StepAxis<R> {
  readonly isLogarithmic: boolean;
  readonly axes: Readonly<Record<string, Axis>>;
  /** The axis at the left end, and where it begins. */
  readonly x: string;
  readonly first: number;
  /** A horizontal line. */
  readonly across: (y: number) => DrawnPoint[];
  /** A curve against the steps, and on a logarithmic axis the place of step 0; with a dot for each record where these are few. */
  readonly series: (
    label: string,
    value: (record: R) => number | null,
    colour: string,
    style?: CurveStyle,
  ) => readonly Series[];
}

export function stepAxis<R extends { readonly step: number }>(
  records: readonly R[],
  isLogarithmic: boolean,
): StepAxis<R> {
  const last = Math.max(records.at(-1)!.step, 10);
  const first = isLogarithmic ? records.find(({ step }) => step > 0)!.step / 1.4 : -0.02 * last;
  const end = isLogarithmic ? last * 1.1 : last * 1.02;
  const few = records.length <= 40; // a dot for each, in particular for a single one
  return {
    isLogarithmic,
    axes: isLogarithmic
      ? {
          start: linearAxis({ side: 'bottom', min: -1, max: 1, ticks: [0], share: 1 }),
          between: gap('bottom', 0.7),
          x: logAxis({
            title: 'step',
            side: 'bottom',
            min: first,
            max: end,
            ticks: decimalTicks(first, end),
            share: 12,
          }),
        }
      : { x: linearAxis({ title: 'step', side: 'bottom', min: first, max: end, ticks: evenTicks(0, end) }) },
    x: isLogarithmic ? 'start' : 'x',
    first,
    across: (y) => [first, end].map((x) => ({ x, y })),
    series: (label, value, colour, style = {}) => {
      const points = records.flatMap((record): DrawnPoint[] => {
        const y = value(record);
        return y === null ? [] : [{ x: record.step, y }];
      });
      const dotted = { ...style, dots: few && !style.band && style.width !== 0 ? (style.dots ?? 1.5) : 0 };
      const start = isLogarithmic ? points.filter(({ x }) => x === 0) : [];
      const later = points.slice(start.length);
      const atStart = { ...dotted, x: 'start', dots: style.band ? 0 : 1.5 };
      return [...start.map((point) => curve(label, [point], colour, atStart)), curve(label, later, colour, dotted)];
    },
  };
}
