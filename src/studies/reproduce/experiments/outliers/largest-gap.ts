/** A count of eigenvalues, and the ratio of the last one that counts to the first that does not. */
export interface GapCount {
  readonly count: number;
  readonly ratio: number;
}

/** The largest gap with the next largest one, from which it must be told apart. */
export interface LargestGap extends GapCount {
  readonly next: GapCount;
}

/** The i in from … to with the largest λ_i/λ_{i+1}, counted from 1, values descending; the first of equal ones. Values that are not positive end the search. */
export function largestGap(values: readonly number[], from: number, to: number): LargestGap {
  const gaps: GapCount[] = [];
  for (let i = from; i <= to && (values[i] ?? 0) > 0; i++) gaps.push({ count: i, ratio: values[i - 1]! / values[i]! });
  const none = { count: 0, ratio: 0 };
  const [best = none, next = none] = gaps.sort((a, b) => b.ratio - a.ratio);
  return { ...best, next };
}

/** How many of the values, descending, lie above an edge, and how far the last of them does. */
export function countAbove(values: readonly number[], edge: number): GapCount {
  const above = values.filter((value) => value > edge);
  return { count: above.length, ratio: above.length === 0 ? 0 : above.at(-1)! / edge };
}
