import type { BlockLanczosOptions, FractionOf } from '../../numeric/lanczos/block-lanczos.js';
import type { SpectrumOptions } from './spectrum-document.js';

/** Vectors that are multiplied at once, if the basis has room for so many. */
const standardBlock = 4;

/** How the largest eigenpairs are searched for, m that of f_top(m). */
export type TopSearch = Pick<SpectrumOptions, 'top' | 'basis' | 'tolerance' | 'seed'> & { readonly subspace: number };

/** How many pairs of an operator are wanted. */
export const wantedPairs = (n: number, { top }: Pick<TopSearch, 'top'>): number => Math.min(top, n);

/**
 * The search for the `top` largest pairs of n, and for m + 1 where `fraction` is to be bounded: the last of these need not converge. A basis without room for
 * that many is spent on those that are wanted, and nothing is known of f_top.
 */
export function topSearch(n: number, search: TopSearch, fraction: FractionOf | undefined): BlockLanczosOptions {
  const { subspace, basis, tolerance, seed } = search;
  const limit = basis === undefined ? {} : { basis, most: basis };
  const room = (count: number): number => Math.floor(((basis ?? Infinity) - count) / 3);
  const [wanted, all] = [wantedPairs(n, search), Math.min(n, Math.max(search.top, subspace + 1))];
  const count = all === n || room(all) >= 1 ? all : wanted;
  return {
    count,
    spare: count - Math.min(count, Math.max(wanted, subspace)),
    blockSize: Math.max(1, count === wanted ? standardBlock : Math.min(standardBlock, room(count))),
    ...{ tolerance, seed, ...limit },
    ...(fraction !== undefined && count > subspace && { fraction }),
  };
}
