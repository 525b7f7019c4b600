import { csvText } from '../src/files/csv-text.js';

/** A point of a curve, or a cell of a heat map (then with a value). */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly v?: number;
}

/** One curve, heat map or guide line: a data set of Chart.js. Its label names it in the CSV; one without a label is a key, not data. */
export interface Series {
  readonly type: 'line' | 'matrix';
  readonly label?: string;
  readonly data: readonly DrawnPoint[];
  readonly xAxisID: string;
  readonly yAxisID: string;
  readonly [style: string]: unknown;
}

/** A configuration of Chart.js, as far as others need to know it: Chart.js is optional, and its types are not needed to read this one. */
export interface FigureChart {
  readonly type: 'line';
  readonly data: { readonly datasets: readonly Series[] };
  readonly options: Readonly<Record<string, unknown>>;
  readonly plugins: readonly { readonly id: string }[];
}

/**
 * A figure as a value: what is drawn and what is said about it. Lengths are CSS pixels, 1/96 inch, so that the SVG opens at
 * the size it is printed at.
 *
 * - `columns`: the header of the CSV: the series, then what x, y (and the value of a cell) are.
 * - `names`: what 0, 1, … on an axis of names stand for; the CSV has these.
 * - `caption`: states what is shown and how it was computed, for somebody who sees nothing else.
 */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly names?: { readonly x?: readonly string[]; readonly y?: readonly string[] };
  readonly chart: FigureChart;
  readonly width: number;
  readonly height: number;
}

/** The CSV (RFC 4180) of exactly what the figure draws: it is read off the chart itself, every number to full precision. */
export function csvOf({ chart, columns, names = {} }: Figure): string {
  const said = (of: readonly string[] | undefined, at: number): string | number =>
    of === undefined ? at : of[Math.round(at)]!;
  const rows = chart.data.datasets.flatMap(({ label, data }) =>
    label === undefined
      ? []
      : data.map(({ x, y, v }) => [label, said(names.x, x), said(names.y, y), ...(v === undefined ? [] : [v])]),
  );
  return csvText([columns, ...rows]);
}
