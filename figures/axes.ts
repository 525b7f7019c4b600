import { fontFamily, fontSize, palette } from './style.js';

/** Room that an axis takes, title and labels included. Fixed, so that panels line up within a figure and between figures. */
const depths = { bottom: 35, left: 50, right: 42 };

/** What Chart.js calls a scale. */
export type Axis = Readonly<Record<string, unknown>>;

export interface AxisSpec {
  readonly title?: string;
  readonly min: number;
  readonly max: number;
  readonly side: 'bottom' | 'left' | 'right';
  /** Panels that share a side are laid out along it, the first one at the start, with these relative lengths. */
  readonly share?: number;
  /** Room for title and labels; that of all figures if left out. */
  readonly depth?: number;
}

/** A linear axis with ticks at the given values. */
export function linearAxis(spec: AxisSpec & { readonly ticks: readonly number[] }): Axis {
  return axis('linear', spec, spec.ticks, (value) => String(value).replace('-', '−'));
}

/** A logarithmic axis with a tick at every decade (at every label, from 10 decades on) and a label at every `every`-th, or with ticks at the given values. */
export function logAxis(spec: AxisSpec & ({ readonly every: number } | { readonly ticks: readonly number[] })): Axis {
  if ('ticks' in spec) return axis('logarithmic', spec, spec.ticks, String);
  const [low, high] = [Math.ceil(Math.log10(spec.min) - 1e-9), Math.floor(Math.log10(spec.max) + 1e-9)];
  const decades = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter(
    (e) => spec.every < 10 || e % spec.every === 0, // more ticks than that are a wall
  );
  const exponent = (value: number): number => Math.round(Math.log10(value));
  return axis(
    'logarithmic',
    spec,
    decades.map((e) => Number(`1e${e}`)),
    (value) => (exponent(value) % spec.every === 0 ? powerOfTen(exponent(value)) : ''),
  );
}

/** An axis of names at 0, 1, …, each of one line or more; one of no lines has no tick. */
export function nameAxis(
  spec: Omit<AxisSpec, 'min' | 'max'> & { readonly names: readonly (readonly string[])[] },
): Axis {
  const { names } = spec;
  const ticks = names.flatMap((lines, i) => (lines.length === 0 ? [] : [i]));
  const drawn = axis('linear', { ...spec, min: -0.5, max: names.length - 0.5 }, ticks, (value) => names[value]!);
  return { ...drawn, offset: false }; // a heat map would leave half a cell at the ends
}

/** Ticks of a logarithmic axis: the decades, or also 2 and 5 times them where there are fewer than three. */
export function decimalTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const within = (digits: readonly number[]): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => digits.map((digit) => Number(`${digit}e${from + i}`)))
      .flat()
      .filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  const decades = within([1]);
  return decades.length >= 3 ? decades : within([1, 2, 5]);
}

/** The powers of ten around positive values. */
export function decadesAround(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.log10) as [number, number];
  return [Number(`1e${Math.floor(low - 0.05)}`), Number(`1e${Math.ceil(high + 0.05)}`)];
}

/** Multiples of 1, 2 or 5 times a power of ten in an interval, at most `most` of them. */
export function evenTicks(low: number, high: number, most = 6): number[] {
  const power = Math.floor(Math.log10((high - low) / most));
  const units = [0, 1].flatMap((e) => [1, 2, 5].map((digit) => Number(`${digit}e${power + e}`)));
  const counted = units.map((unit) => {
    const [first, last] = [Math.ceil(low / unit - 1e-9), Math.floor(high / unit + 1e-9)];
    return { unit, first, count: last - first + 1 };
  });
  const { unit, first, count } = counted.find((one) => one.count <= most) ?? counted.at(-1)!;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * unit).toPrecision(12)));
}

/** Room between two panels that share a side. */
export function gap(side: AxisSpec['side'], share: number): Axis {
  return { ...axis('linear', { side, share, min: 0, max: 1 }, [], String), display: false };
}

/** The name of the i-th of panels beside each other: x, x1, x2, …. */
export const panelAxis = (i: number): string => (i === 0 ? 'x' : `x${i}`);

/** The axes of panels beside each other, under these names, with so much room between them. */
export function sideBySide(axes: readonly Axis[], room: number): Readonly<Record<string, Axis>> {
  return Object.fromEntries(
    axes.flatMap((one, i): [string, Axis][] => [
      ...(i === 0 ? [] : [[`gap${i}`, gap('bottom', room)] as [string, Axis]]),
      [panelAxis(i), one],
    ]),
  );
}

/** `powerOfTen(-3)` is 10⁻³, as text. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  const digits = Array.from(String(exponent), (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]!));
  return exponent === 1 ? '10' : `10${digits.join('')}`;
}

function axis(
  type: 'linear' | 'logarithmic',
  { title, min, max, side, share, depth = depths[side] }: AxisSpec,
  ticks: readonly number[],
  label: (value: number) => string | readonly string[],
): Axis {
  return {
    type,
    axis: side === 'bottom' ? 'x' : 'y',
    position: side,
    min,
    max,
    reverse: false, // a heat map would turn the vertical axis round
    ...(share === undefined ? {} : { stack: side, stackWeight: share }),
    border: { display: false },
    grid: { drawOnChartArea: false, tickLength: 4, tickWidth: 0.8, tickColor: palette.ink },
    title: {
      display: title !== undefined,
      text: title ?? '',
      color: palette.ink,
      font: { family: fontFamily, size: fontSize.text },
      padding: side === 'bottom' ? { top: 2, bottom: 0 } : { top: 0, bottom: 2 },
    },
    ticks: {
      color: palette.ink,
      font: { family: fontFamily, size: fontSize.tick },
      padding: 2,
      autoSkip: false,
      maxRotation: 0,
      callback: (value: string | number) => label(Number(value)),
    },
    afterFit: (scale: { width: number; height: number }) => {
      scale[side === 'bottom' ? 'height' : 'width'] = depth;
    },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = ticks.map((value) => ({ value }));
    },
  };
}
