import type { DrawnPoint } from './figure.js';

/** What a curve is drawn on: its coordinates on the picture, in widths and heights of panels, as many as there are panels. */
type Seen<V> = (value: V) => readonly number[];

/**
 * Values of f at points from `from` to `to`, evenly spaced in the logarithm, with points put between two neighbours until the value in
 * the middle is within `tolerance` of the chord, in every coordinate that is seen, so that no kink shows; at most three halvings, for f
 * that jumps.
 *
 * Cost: the values, each once.
 */
export function sampledCurve<V>(
  f: (x: number) => V,
  { from, to, points, tolerance, seen }: { from: number; to: number; points: number; tolerance: number; seen: Seen<V> },
): { readonly x: number; readonly value: V }[] {
  const at = (exponent: number) => ({ exponent, value: f(10 ** exponent) });
  type Sample = ReturnType<typeof at>;
  const between = (a: Sample, b: Sample, depth: number): Sample[] => {
    const middle = at((a.exponent + b.exponent) / 2);
    const [left, own, right] = [a, middle, b].map(({ value }) => seen(value)) as [number[], number[], number[]];
    const bend = Math.max(...own.map((y, i) => Math.abs(y - (left[i]! + right[i]!) / 2)));
    if (bend <= tolerance || depth === 0) return [middle];
    return [...between(a, middle, depth - 1), middle, ...between(middle, b, depth - 1)];
  };
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const coarse = Array.from({ length: points }, (_, i) => at(low + ((high - low) * i) / (points - 1)));
  return coarse
    .flatMap((sample, i) => (i === 0 ? [sample] : [...between(coarse[i - 1]!, sample, 3), sample]))
    .map(({ exponent, value }) => ({ x: 10 ** exponent, value }));
}

/** The points of one coordinate. */
export function pointsOf<V>(
  samples: readonly { readonly x: number; readonly value: V }[],
  y: (value: V) => number,
): DrawnPoint[] {
  return samples.map(({ x, value }) => ({ x, y: y(value) }));
}
