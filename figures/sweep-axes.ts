import {
  decadesAround,
  decimalTicks,
  evenTicks,
  linearAxis,
  logAxis,
  nameAxis,
  type Axis,
  type AxisSpec,
} from './axes.js';
import { smallTextWidth } from './sweep-panels.js';

/** An axis for values: where, and how many pixels of it there are. */
export interface ValueAxisSpec {
  readonly title: string;
  readonly side: AxisSpec['side'];
  readonly values: readonly number[];
  readonly isLogarithmic: boolean;
  readonly length: number;
}

/** Where an axis begins and ends, and the axis with a share of its side. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  /** Between two values. */
  readonly pixels: (from: number, to: number) => number;
  /** What it takes of the picture, title and labels included; as all axes of its side if undefined. */
  readonly depth: number | undefined;
  readonly axis: (share?: number) => Axis;
}

/** What an upright axis takes, title and labels beside each other: digits are some 5 wide, and `e+` 10 more. */
function depthOf(side: AxisSpec['side'], labels: readonly string[]): number | undefined {
  if (side === 'bottom') return undefined;
  const widths = labels.map((label) => 20 + 5 * label.length + (label.includes('+') ? 10 : 0));
  return Math.max(side === 'left' ? 50 : 48, ...widths);
}

/** An axis around values, with ticks at the values where these are few, otherwise at round numbers, as many as there is room for. */
export function valueAxis(spec: ValueAxisSpec): ValueAxis {
  const { title, side, values, isLogarithmic, length } = spec;
  const [min, max] = isLogarithmic ? logRange(spec) : linearRange(spec);
  const pixels = (from: number, to: number): number =>
    length * (isLogarithmic ? logRatio(to, Math.max(from, min)) / logRatio(max, min) : (to - from) / (max - min));
  const fits = (ticks: readonly number[]): boolean =>
    ticks.length > 0 &&
    ticks.every((tick, i) => {
      const before = ticks[i - 1];
      if (before === undefined) return true;
      const room = side === 'bottom' ? (smallTextWidth(String(tick)) + smallTextWidth(String(before))) / 2 + 8 : 16;
      return pixels(before, tick) >= room;
    });
  const own = [...new Set(values)].sort((a, b) => a - b);
  const ownTicks = side === 'bottom' && own.length <= 8 ? own : [];
  const common = { title, side, min, max };
  if (!isLogarithmic) {
    const even = [6, 5, 4, 3, 2].map((most) => evenTicks(min, max, most));
    const ticks = [ownTicks, ...even].find(fits) ?? even.at(-1)!;
    const depth = depthOf(side, ticks.map(String));
    return {
      min,
      max,
      pixels,
      depth,
      axis: (share) =>
        linearAxis({ ...common, ticks, ...(share !== undefined && { share }), ...(depth !== undefined && { depth }) }),
    };
  }
  const decades = logRatio(max, min) / Math.LN10;
  const round =
    decades < 3
      ? [decimalTicks(min, max), ...(decades < 1 ? [evenTicks(min, max, 5), evenTicks(min, max, 3)] : [])]
      : [];
  const ticks = [ownTicks, ...round].find((some) => some.length > 1 && fits(some));
  const every = Math.max(1, Math.ceil((decades * (side === 'bottom' ? 34 : 18)) / length));
  const depth = depthOf(side, ticks === undefined ? ['x'.repeat(decades < 100 ? 6 : 7)] : ticks.map(String)); // 10⁻¹²⁰
  return {
    min,
    max,
    pixels,
    depth,
    axis: (share) =>
      logAxis({
        ...common,
        ...(share !== undefined && { share }),
        ...(depth !== undefined && { depth }),
        ...(ticks === undefined ? { every } : { ticks }),
      }),
  };
}

/** log(one/other), also where the ratio is beyond all numbers. */
export const logRatio = (one: number, other: number): number => Math.log(one) - Math.log(other);

/** Of the range of values, what is left free at both ends; a key of colours on the right has none. */
const margins = { bottom: 0.04, left: 0.07, right: 0 } as const;

function linearRange({ values, side }: ValueAxisSpec): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isOne = high - low <= 1e-6 * Math.max(Math.abs(low), Math.abs(high)); // as far as ticks could tell
  const margin = isOne ? 0.1 * (Math.abs(low) || 1) : margins[side] * (high - low);
  return [low - margin, high + margin];
}

/** A little room on both sides; upright, decades around values that span two or more. */
function logRange({ values, side }: ValueAxisSpec): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room =
    high <= (1 + 1e-6) * low
      ? 1.5
      : Math.max(Math.exp(margins[side] * logRatio(high, low)), side === 'right' ? 1 : 1.05);
  const [from, to] = side === 'left' && high > 100 * low ? decadesAround(values) : [low / room, high * room];
  return [Math.max(from, 1e-307), Math.min(to, 1e308)];
}

/** An axis of names, each broken into lines that fit, or every second, third, … of them where there are too many. */
export function namesAxis(
  names: readonly string[],
  { title, length }: { readonly title: string; readonly length: number },
): ValueAxis & { readonly depth: number } {
  const slot = length / names.length;
  const every = Math.ceil(30 / slot);
  const broken = names.map((name, i) => (i % every === 0 ? brokenName(name, every * slot - 6) : []));
  const depth = 23 + 12 * Math.max(...broken.map((lines) => lines.length));
  return {
    min: -0.5,
    max: names.length - 0.5,
    pixels: (from, to) => slot * (to - from),
    depth,
    axis: (share) => nameAxis({ title, side: 'bottom', names: broken, depth, ...(share !== undefined && { share }) }),
  };
}

/** A name in lines of a width, broken after punctuation where that can be. */
function brokenName(name: string, width: number): string[] {
  const most = Math.max(3, Math.floor(width / smallTextWidth('x')));
  const pieces = name
    .replace(/\s+/gu, ' ')
    .match(/[^:,/ -]*[:,/ -]?/g)!
    .filter((piece) => piece !== '');
  const lines: string[] = [];
  for (const piece of pieces.flatMap((one) => one.match(new RegExp(`.{1,${most}}`, 'gu'))!)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.length <= most) lines[lines.length - 1] = last + piece;
    else lines.push(piece);
  }
  return lines;
}
