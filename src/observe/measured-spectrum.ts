import type { EigenPairs } from '../numeric/lanczos/eigen-pairs.js';
import type { Spectrum } from './spectrum.js';

/**
 * Measured eigenpairs as a spectrum: each is a level of its own with its error bound. Nothing is known below the last, unless
 * all are there.
 */
export function measuredSpectrum(pairs: Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'errors'>): Spectrum {
  const { dimension, values, vectors, errors } = pairs;
  const vector = (i: number): Float64Array => vectors.subarray(i * dimension, (i + 1) * dimension);
  return {
    dimension,
    levels: Array.from(values, (value, i) => ({ value, multiplicity: 1, error: errors[i]! })),
    remainder: values.length === dimension ? 'null' : 'below',
    energy: (level, x) => vector(level).reduce((sum, v, i) => sum + v * x[i]!, 0) ** 2,
    basis: (level) => vector(level).slice(),
  };
}
