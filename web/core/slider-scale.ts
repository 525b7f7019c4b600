import type { NumberControl } from './controls.js';

/** Places of a slider: 0 to this. */
export const places = 400;

/** The value at a place of the slider: both ends exactly, three significant digits between. */
export function valueAt({ min, max, scale, isInteger = false }: NumberControl, place: number): number {
  if (place <= 0) return min;
  if (place >= places) return max;
  const share = place / places;
  const value = scale === 'log' ? min * (max / min) ** share : min + share * (max - min);
  const rounded = Number(isInteger ? Math.round(value) : value.toPrecision(3));
  return Math.min(max, Math.max(min, rounded));
}

/** The place whose value is nearest. */
export function sliderPlace({ min, max, scale }: NumberControl, value: number): number {
  const share = scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  return Math.round(share * places);
}
