import type { DrawnPoint, Series } from './figure.js';

/** A column of a two-column paper, 3.4 inches of 96 CSS pixels. Text is 7 to 8 points at that width. */
export const columnWidth = 326;
export const fontFamily = 'DejaVu Sans Condensed';
export const fontSize = { text: 10.5, tick: 10, small: 9.5 };

/** Okabe & Ito's palette (2008), told apart with every kind of colour vision, without its yellow, and with Tol's purple: text must be legible. */
export const palette = {
  blue: '#0072b2',
  vermilion: '#d55e00',
  green: '#009e73',
  purple: '#aa4499',
  orange: '#e69f00',
  sky: '#56b4e9',
  ink: '#222222',
  grey: '#8a8a8a',
} as const;

export interface CurveStyle {
  readonly x?: string;
  readonly y?: string;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** Radius of a dot at each point, 0 for none. */
  readonly dots?: number;
  /** Of the dots: 'circle' if left out. */
  readonly marker?: 'circle' | 'triangle' | 'rectRot';
  /** Fill the band between this curve and the one before it. */
  readonly band?: boolean;
}

/** A curve through points on the axes named by `x` and `y`. */
export function curve(label: string, points: readonly DrawnPoint[], colour: string, style: CurveStyle = {}): Series {
  const { x = 'x', y = 'y', width = 1.5, dash = [], dots = 0, marker = 'circle', band = false } = style;
  return {
    type: 'line',
    label,
    data: points,
    xAxisID: x,
    yAxisID: y,
    borderColor: colour,
    backgroundColor: band ? `${colour}40` : colour,
    borderWidth: width,
    borderDash: [...dash],
    borderCapStyle: dash.length > 0 ? 'butt' : 'round',
    borderJoinStyle: 'round',
    pointRadius: dots,
    pointStyle: marker,
    pointBorderWidth: 0,
    fill: band ? '-1' : false,
    tension: 0,
  };
}

/** A region: the inside of a closed line. */
export function region(label: string, outline: readonly DrawnPoint[], colour: string, style: CurveStyle = {}): Series {
  return { ...curve(label, outline, colour, { ...style, width: 0 }), backgroundColor: `${colour}30`, fill: 'shape' };
}

/** Bars from `low` to `high` at every x: the CSV has both ends of each. */
export function errorBars(
  label: string,
  bars: readonly { readonly x: number; readonly low: number; readonly high: number }[],
  colour: string,
  style: CurveStyle = {},
): Series[] {
  return bars.map(({ x, low, high }) =>
    curve(
      label,
      [low, high].map((y) => ({ x, y })),
      colour,
      { width: 1.2, ...style, dots: 0 },
    ),
  );
}

/** A dashed guide: a null value, a law, a number of the paper. */
export function guide(
  label: string,
  points: readonly DrawnPoint[],
  style: CurveStyle = {},
  colour: string = palette.grey,
) {
  return curve(label, points, colour, { width: 1, dash: [4, 3], ...style });
}

/** `n` numbers from 10^from to 10^to, evenly spaced in the logarithm. */
export function logSpaced(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => 10 ** (from + ((to - from) * i) / (n - 1)));
}

/** `subscript(12)` is ₁₂, as text. */
export function subscript(n: number): string {
  return Array.from(String(n), (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!).join('');
}
