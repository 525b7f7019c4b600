import type { ClassStructure } from '../../probes/class-structure.js';
import { countAbove, largestGap, type GapCount, type LargestGap } from './largest-gap.js';
import { exactWithBiases } from './exact.js';
import { classes } from '../../shared/settings.js';

/** Where the largest ratio of consecutive eigenvalues is, among the first 2k. */
export const outlierGap = ({ eigenvalues }: ClassStructure) => largestGap(eigenvalues, 1, 2 * classes);
/** The same behind the outliers: from k + 1 to where the list ends. */
export const miniBulkGap = ({ eigenvalues }: ClassStructure) =>
  largestGap(eigenvalues, 2 * classes + 1, eigenvalues.length - 1);

/** How a count is made, and what to say where it cannot be made by eye. */
export interface Rule {
  readonly of: (found: ClassStructure) => GapCount & { readonly next?: GapCount };
  readonly unclear: string;
}

export const byGap = (of: (found: ClassStructure) => LargestGap): Rule => ({
  of,
  unclear: `the largest ratio is below ${clear} in at least one run: by eye there is no gap`,
});
export const byEdge = (of: (found: ClassStructure) => readonly number[]): Rule => ({
  of: (found) => countAbove(of(found), found.within),
  unclear: 'what varies within pairs of classes reaches as high as the class part',
});

/** A ratio below this is no gap that one would see. */
export const clear = 1.3;

/** The largest gap is told apart from the next one where it is larger by this factor. */
const apart = 1.1;

/** Why a count is what it is, as far as the numbers say. */
export function reasonOf(
  counts: readonly ReturnType<Rule['of']>[],
  expected: number,
  unclear: string,
): { readonly reason?: string } {
  if (counts.every(({ count }) => count === expected)) return {};
  if (counts.some(({ ratio }) => ratio < clear)) return { reason: unclear };
  const close = counts.filter(({ ratio, next }) => next !== undefined && ratio < apart * next.ratio);
  const hair = close.map(
    ({ count, ratio, next }) => `${ratio.toFixed(2)} after ${count}, ${next!.ratio.toFixed(2)} after ${next!.count}`,
  );
  const biased =
    expected === classes && counts.every(({ count }) => count === classes - 1)
      ? `C − 1, as by the same rule in the exact model with biases (${exactWithBiases().count})`
      : 'another count';
  return { reason: hair.length === 0 ? biased : `${biased}, but by a hair: ${hair.join('; ')}` };
}
