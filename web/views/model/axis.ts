import type { PlotOptions } from '@observablehq/plot';
import type { ModelSettings } from './settings.js';

/** The axis along which both charts run. */
export interface Along {
  readonly scale: NonNullable<PlotOptions['x']>;
  /** Where something is on it; undefined where it is not. */
  readonly of: (place: { readonly share: number; readonly time?: number | undefined }) => number | undefined;
  readonly ends: readonly [number, number];
  /** The place that is pointed at. */
  readonly pointed: number;
  /** In the middle between two places. */
  readonly between: (from: number, to: number) => number;
}

/** `times`: the first and the last; undefined along the margin. */
export function alongOf(settings: ModelSettings, times: readonly [number, number] | undefined): Along {
  const isTime = times !== undefined;
  const ends = times ?? ([0, 1] as const);
  return {
    ends,
    scale: isTime
      ? { type: 'log', domain: [...ends], label: 'training time t →', ...powersOfTen(ends, 7) }
      : {
          domain: [...ends],
          label: settings.noise === 0 ? 'margin α, in units of 20 →' : 'margin α/α*, 1 for the best classifier →',
        },
    of: ({ share, time }) => {
      const at = isTime ? time : share;
      return at === undefined || !(at >= ends[0] && at <= ends[1]) ? undefined : at;
    },
    pointed: isTime ? settings.times : settings.margin,
    between: (from, to) => (isTime ? Math.sqrt(from * to) : (from + to) / 2),
  };
}

/** Ticks of a logarithmic axis at powers of ten, so many at most, and how they are written. */
export function powersOfTen([low, high]: readonly [number, number], most: number) {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((to - from) / (most - 1)));
  const exponents = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  return {
    ticks: exponents.map((exponent) => 10 ** exponent),
    tickFormat: (x: number): string => powerText(Math.round(Math.log10(x))),
  };
}

const powerText = (exponent: number): string =>
  exponent === 0
    ? '1'
    : exponent === 1
      ? '10'
      : `10${String(exponent).replace(/./g, (sign) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)] ?? '⁻')}`;
