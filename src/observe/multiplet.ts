import { UsageError } from '../errors.js';
import type { Spectrum } from './spectrum.js';

/**
 * Where a cut after the m-th eigenvalue falls.
 *
 * - `above`: levels 0 … above − 1 lie surely above the cut.
 * - `straddling`: levels above … straddling − 1 cannot be told apart at the cut, and `admitted` of their `dimensions` are
 *   inside. If the cut separates two levels, the range is empty.
 * - `open`: the multiplet reaches the last known level and may go on beyond it.
 * - `gap`: λ_m − λ_{m+1}, 0 where the cut lies inside an exact level.
 */
export interface Cut {
  readonly above: number;
  readonly straddling: number;
  readonly admitted: number;
  readonly dimensions: number;
  readonly open: boolean;
  readonly gap: number;
}

/**
 * Finds the multiplet that the cut after the m-th eigenvalue goes through. Levels whose error bars touch cannot be ordered
 * and count as one multiplet, chained.
 *
 * Throws UsageError if m is not an integer in 0 … dimension, or if the spectrum is known to no more than m eigenvalues while
 * others lie below (compute at least m + 1).
 */
export function cutAfter(spectrum: Spectrum, m: number): Cut {
  if (!Number.isInteger(m) || m < 0 || m > spectrum.dimension) {
    throw new UsageError(`m must be an integer from 0 to ${spectrum.dimension}, received ${m}`);
  }
  const levels = withRemainder(spectrum);
  let count = 0; // eigenvalues in levels 0 … index − 1
  let index = 0;
  while (index < levels.length && count + levels[index]!.multiplicity <= m) count += levels[index++]!.multiplicity;
  const cutsLevel = count < m;
  if (index === levels.length && m < spectrum.dimension) {
    throw new UsageError(`${count} eigenvalues are known, but a cut after ${m} needs at least ${m + 1}: compute more`);
  }
  const none = { above: index, straddling: index, admitted: 0, dimensions: 0, open: false };
  if (index === levels.length || m === 0) return { ...none, gap: 0 };

  const touches = (i: number): boolean =>
    levels[i]!.value - levels[i]!.error <= levels[i + 1]!.value + levels[i + 1]!.error;
  const gap = cutsLevel ? 0 : levels[index - 1]!.value - levels[index]!.value;
  if (!cutsLevel && !touches(index - 1)) return { ...none, gap };
  let first = cutsLevel ? index : index - 1;
  let last = index;
  while (first > 0 && touches(first - 1)) first--;
  while (last + 1 < levels.length && touches(last)) last++;
  const size = (from: number, to: number): number =>
    levels.slice(from, to).reduce((sum, level) => sum + level.multiplicity, 0);
  return {
    above: first,
    straddling: last + 1,
    admitted: m - size(0, first),
    dimensions: size(first, last + 1),
    open: last + 1 === levels.length && spectrum.remainder === 'below',
    gap,
  };
}

/** The levels with the null space, where it is known to be all that remains, as the last one. */
export function withRemainder(spectrum: Spectrum): Spectrum['levels'] {
  const known = spectrum.levels.reduce((sum, level) => sum + level.multiplicity, 0);
  if (spectrum.remainder === 'below' || known === spectrum.dimension) return spectrum.levels;
  return [...spectrum.levels, { value: 0, multiplicity: spectrum.dimension - known, error: 0 }];
}
