import { compensatedSum } from './compensated-sum.js';

/**
 * x times a power of two, exactly, so that its largest entry is in [1/2, 1): squares and products of it neither under- nor overflow.
 * x itself where it is zero or not finite. Cost: O(n).
 */
export function scaledToUnit(x: Float64Array): { readonly scaled: Float64Array; readonly exponent: number } {
  let largest = 0;
  for (const entry of x) largest = Math.abs(entry) <= largest ? largest : Math.abs(entry);
  if (!(largest > 0 && largest < Infinity)) return { scaled: x, exponent: 0 };
  const exponent = Math.min(1023, Math.floor(Math.log2(largest)) + 1);
  // 2^1074 is beyond doubles: two factors.
  const [first, second] = [2 ** -Math.trunc(exponent / 2), 2 ** -(exponent - Math.trunc(exponent / 2))];
  return { scaled: x.map((entry) => entry * first * second), exponent };
}

/** ‖x‖, to rounding at any length and any scale; NaN where an entry is not finite. */
export function norm(x: Float64Array): number {
  const { scaled, exponent } = scaledToUnit(x);
  const half = Math.trunc(exponent / 2);
  return Math.sqrt(compensatedSum(scaled.length, (i) => scaled[i]! ** 2)) * 2 ** half * 2 ** (exponent - half);
}
