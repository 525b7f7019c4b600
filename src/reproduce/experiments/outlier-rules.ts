import type { ClassStructure } from '../probes/class-structure.js';
import { countAbove, largestGap, type GapCount } from '../largest-gap.js';
import { k } from './outliers-exact.js';

/** Where the largest ratio of consecutive eigenvalues is, among the first 2k. */
export const outlierGap = ({ eigenvalues }: ClassStructure) => largestGap(eigenvalues, 1, 2 * k);
/** The same behind the outliers: from k + 1 to where the list ends. */
export const miniBulkGap = ({ eigenvalues }: ClassStructure) =>
  largestGap(eigenvalues, 2 * k + 1, eigenvalues.length - 1);

/** How a count is made, and what to say where it cannot be made by eye. */
export interface Rule {
  readonly of: (found: ClassStructure) => GapCount;
  readonly unclear: string;
}

export const byGap = (of: Rule['of']): Rule => ({
  of,
  unclear: `the largest ratio is below ${clear} in at least one run: by eye there is no gap`,
});
export const byEdge = (of: (found: ClassStructure) => readonly number[]): Rule => ({
  of: (found) => countAbove(of(found), found.within),
  unclear: 'what varies within pairs of classes reaches as high as the class part',
});

/** A ratio below this is no gap that one would see. */
export const clear = 1.3;
