import { studentQuantile } from '../../../numeric/statistics/student-t.js';
import { sampleSpread } from '../table/sample-spread.js';
import type { Quantity } from './quantity.js';

/** What error bars are: the standard deviation over seeds, the standard error of their mean, its 95 % interval by Student's t, or nothing. */
export const errorKinds = ['se', 'sd', 'ci', 'none'] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** Mean of some numbers and their standard deviation, with n − 1; null for a single one. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number | null;
}

/** What the runs of a point say of a quantity: of the estimate, or the middle, and of both ends. */
export interface PointMean {
  /** Runs with a value. */
  readonly n: number;
  readonly middle: Moments;
  readonly lower: Moments;
  readonly upper: Moments;
}

/**
 * The mean over runs of each run's mean over its rows, rows without a value left out; null where none has one.
 *
 * Cost: O(rows).
 */
export function pointMean(runs: readonly (readonly number[])[], { at }: Quantity): PointMean | null {
  const means = runs.flatMap((rows) => {
    const ends = rows.flatMap((row) => at(row) ?? []);
    if (ends.length === 0) return [];
    const of = (end: keyof (typeof ends)[number]): number => momentsOf(ends.map((one) => one[end])).mean;
    return [{ lower: of('lower'), upper: of('upper'), middle: of('best') }];
  });
  if (means.length === 0) return null;
  const of = (end: 'lower' | 'middle' | 'upper'): Moments => momentsOf(means.map((one) => one[end]));
  return { n: means.length, middle: of('middle'), lower: of('lower'), upper: of('upper') };
}

/** Of at least one value. */
function momentsOf(values: readonly number[]): Moments {
  const { mean, sd } = sampleSpread(values);
  return { mean: mean!, deviation: sd };
}

/** Half the length of an error bar of n values: s, s/√n or t₀.₉₇₅,ₙ₋₁ s/√n; 0 where n is 1. */
export function halfBar(deviation: number | null, n: number, kind: ErrorKind): number {
  if (deviation === null || kind === 'none') return 0;
  if (kind === 'sd') return deviation;
  return ((kind === 'ci' ? studentQuantile(0.05, n - 1) : 1) * deviation) / Math.sqrt(n);
}
