import type { EigenPairs } from '../numeric/lanczos/eigen-pairs.js';

/** The top of a spectrum as a run keeps it: eigenpairs with bounds on the errors of their values. */
export type TopPairs = Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'errors'>;

export function noPairs(dimension: number): TopPairs {
  const none = new Float64Array(0);
  return { dimension, values: none, vectors: none, errors: none };
}

/** The first m of them. */
export function firstPairs({ dimension, values, vectors, errors }: TopPairs, m: number): TopPairs {
  return {
    dimension,
    values: values.subarray(0, m),
    vectors: vectors.subarray(0, m * dimension),
    errors: errors.subarray(0, m),
  };
}
