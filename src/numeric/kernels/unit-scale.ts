import type { FloatArray } from './float-array.js';

/**
 * The power of two s for which the largest entry of s x, by absolute value, lies between 1 and 2; 1 where x is zero or not finite.
 * Products with s are exact, and squares of s x neither overflow nor vanish. Cost: one pass.
 */
export function unitFactor(x: FloatArray): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (!(largest > 0 && largest < Infinity)) return 1;
  return 2 ** Math.min(1022, Math.max(-1022, -Math.floor(Math.log2(largest))));
}

/** s x with `unitFactor`'s s: the same direction at a length that can be squared. */
export function unitScaled(x: Float64Array): Float64Array {
  const factor = unitFactor(x);
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = factor * x[i]!;
  return result;
}
