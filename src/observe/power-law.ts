import { UsageError } from '../errors.js';

/** Ranks of a spectrum, 1 the largest, both ends included. */
export interface RankWindow {
  readonly from: number;
  readonly to: number;
}

/** A straight line through log s against log rank. */
export interface PowerLaw extends RankWindow {
  /** α of s_r ∝ r^(−α): minus the slope by least squares. */
  readonly exponent: number;
  /** Of α, from the scatter about the line, as if ranks were independent, which neighbours are not: it says how straight the spectrum is, not how α scatters between draws. */
  readonly standardError: number;
}

/** The windows of Spectral Lens (arXiv:2605.05683): that of its fits, and head and tail of its model. */
export const rankWindows = {
  fit: { from: 30, to: 150 },
  head: { from: 1, to: 10 },
  tail: { from: 50, to: 200 },
} as const satisfies Readonly<Record<string, RankWindow>>;

/**
 * α = −slope of log s_r against log r over a window of ranks, by least squares with equal weights; s descending, such as eigenvalues of a covariance or singular values. Null where
 * the window asks for ranks that are missing, or whose value is not positive: a fit over fewer ranks is another number.
 *
 * Throws UsageError for windows of fewer than three ranks, and values that do not descend, or are not finite. Cost: one pass.
 */
export function powerLaw(values: ArrayLike<number>, { from, to }: RankWindow): PowerLaw | null {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 1 && to >= from + 2)) {
    throw new UsageError(`a rank window has at least three ranks, 1 ≤ from < to; received ${from} to ${to}`);
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new UsageError(`a spectrum is finite, received ${values[i]} at rank ${i + 1}`);
    if (values[i]! > (values[i - 1] ?? Infinity))
      throw new UsageError(`a spectrum descends, received ${values[i - 1]} before ${values[i]}`);
  }
  if (values.length < to || !(values[to - 1]! > 0)) return null;
  const points = Array.from(
    { length: to - from + 1 },
    (_, i) => [Math.log(from + i), Math.log(values[from + i - 1]!)] as const,
  );
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const [xx, xy, yy] = [
    mean((point) => (point[0] - x) ** 2),
    mean((point) => (point[0] - x) * (point[1] - y)),
    mean((point) => (point[1] - y) ** 2),
  ];
  const left = Math.max(0, yy - xy ** 2 / xx);
  return { from, to, exponent: -xy / xx, standardError: Math.sqrt(left / xx / (points.length - 2)) };
}
