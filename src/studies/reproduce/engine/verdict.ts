import { UsageError } from '../../../errors.js';

/** What the paper says, as something that values can be held against. */
export type Target =
  /** A number as printed, to 0.01. */
  | { readonly kind: 'value'; readonly value: number }
  /** A statement, which holds where the value of every seed is at least, or at most, `bound`. */
  | { readonly kind: 'at least' | 'at most'; readonly bound: number; readonly says: string }
  /** A count, which holds where that of every seed is the same. */
  | { readonly kind: 'exactly'; readonly value: number }
  /** Nothing: the number is shown beside others. */
  | { readonly kind: 'none' };

/** `no value`: it was run, and the reason says why nothing came of it. */
export type RowVerdict = 'within' | 'outside' | 'shown' | 'no value' | 'not yet run' | 'not run';

export interface Judgement {
  readonly ours: number;
  /** Standard deviation over the seeds; 0 for one seed. */
  readonly spread: number;
  readonly verdict: Extract<RowVerdict, 'within' | 'outside' | 'shown'>;
}

/** Half a unit of the last digit that the paper prints. */
const rounding = 0.005;

/**
 * The most that scatter between seeds may excuse, one unit of that digit: a row does not agree because it scatters.
 */
const mostScatter = 0.01;

/** The rule, as the page states it. */
export const verdictRule =
  'A number of the paper is printed with two digits, from an unknown number of runs. Ours is the mean over the seeds, ± their standard ' +
  'deviation s. **within**: |ours − paper| ≤ 0.005 + min(2 s, 0.01), half a unit of its last digit and twice the spread, of which no more than one unit ' +
  'counts: nothing beyond 0.015 is within, however much the seeds scatter. With two seeds s is itself uncertain, so that the verdict describes and is no significance test. A statement without a number is judged by the bound or count given with it, ' +
  'which is ours and must be met by the value of every seed; they are listed.';

/** Throws UsageError without values. */
export function judge(target: Target, values: readonly number[]): Judgement {
  if (values.length === 0) throw new UsageError('a verdict needs at least one value, received none');
  const ours = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - ours) ** 2, 0);
  const spread = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  const holds = (): boolean => {
    switch (target.kind) {
      case 'value':
        return Math.abs(ours - target.value) <= rounding + Math.min(2 * spread, mostScatter);
      case 'at least':
        return values.every((x) => x >= target.bound);
      case 'at most':
        return values.every((x) => x <= target.bound);
      case 'exactly':
        return values.every((x) => x === target.value);
      case 'none':
        return true;
    }
  };
  return { ours, spread, verdict: target.kind === 'none' ? 'shown' : holds() ? 'within' : 'outside' };
}

/** The paper's side of a row. */
export function shownTarget(target: Target): string | number | null {
  if (target.kind === 'value') return target.value;
  if (target.kind === 'none') return null;
  if (target.kind === 'exactly') return `exactly ${target.value}`;
  return `${target.says} (${target.kind === 'at least' ? '≥' : '≤'} ${target.bound})`;
}
