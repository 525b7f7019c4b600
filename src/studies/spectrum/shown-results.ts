import type { BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import type { Estimate } from '../../numeric/statistics/confidence-interval.js';
import type { TraceEstimate } from '../../numeric/traces/hutch-plus-plus.js';
import type { Pairs } from './spectrum-document.js';

/** The first pairs of a search, as a document has them. */
export function shownPairs({ values, residuals, errors }: BlockLanczosResult, count: number): Pairs {
  const first = (numbers: Float64Array): number[] => [...numbers.subarray(0, count)];
  return { eigenvalues: first(values), residuals: first(residuals), errors: first(errors) };
}

/** A trace with its interval. */
export function estimateOf({ trace, standardError, lower, upper }: TraceEstimate): Estimate {
  return { value: trace, standardError, lower, upper };
}
