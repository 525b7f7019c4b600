import { UsageError } from '../errors.js';
import { precisionOf, zeros, type FloatArray } from '../numeric/kernels/float-array.js';
import type { RawInputs } from './data-set.js';
import { featureCount, transformed, type Dataset } from './dataset.js';
import { isRows, mappedRows, piecesOf, type Rows } from './rows.js';

/**
 * The features that are not zero in every sample, ascending.
 *
 * The others carry neither gradient nor curvature: the weights that multiply them in a dense layer never move, and their rows and
 * columns of the Hessian are zero. Leaving them out changes nothing in training but the number of parameters.
 * Cost: O(samples · features).
 */
export function activeFeatures(data: Pick<Dataset<RawInputs>, 'inputs' | 'inputShape'>): Uint32Array {
  return nonZeroColumns(data.inputs, featureCount(data));
}

/**
 * The data set with the given features alone, as vectors of shape [kept].
 *
 * Reduce the test samples to the active features of the training samples. There a feature left out need not be zero: the reduced
 * network is the one whose weights on it are zero. Throws UsageError unless the indices ascend within the features.
 * Cost: O(samples · features).
 */
export function keepFeatures<Inputs extends FloatArray | Rows>(
  data: Dataset<Inputs>,
  active: Uint32Array,
): Dataset<FloatArray | Extract<Inputs, Rows>> {
  const { samples } = data;
  const [all, kept] = [featureCount(data), active.length];
  const wrong = active.findIndex((f, i) => f >= all || (i > 0 && f <= active[i - 1]!));
  if (kept === 0 || wrong >= 0) {
    throw new UsageError(
      `${data.name}: features to keep must be ascending integers from 0 to ${all - 1}, at least one; ` +
        `received ${kept === 0 ? 'none' : `${active[wrong]} at place ${wrong}`}`,
    );
  }
  const chosen = (from: FloatArray, into: FloatArray): FloatArray => {
    for (let i = 0; i < into.length / kept; i++) {
      for (let f = 0; f < kept; f++) into[i * kept + f] = from[i * all + active[f]!]!;
    }
    return into;
  };
  const given: FloatArray | Rows = data.inputs;
  const inputs = isRows(given)
    ? (mappedRows(given, { width: kept, precision: given.precision }, chosen) as Extract<Inputs, Rows>)
    : chosen(given, zeros(precisionOf(given), samples * kept));
  const remaining = new Set(active);
  const dropped = Array.from({ length: all }, (_, f) => f).filter((f) => !remaining.has(f));
  return transformed({ ...data, inputShape: [kept], inputs }, { kind: 'active-features', kept, dropped });
}

/** The columns of a row-major matrix that are not zero throughout. */
export function nonZeroColumns(inputs: RawInputs, columns: number): Uint32Array {
  const active = new Uint8Array(columns);
  for (const entries of piecesOf(inputs)) {
    for (let start = 0; start < entries.length; start += columns) {
      for (let f = 0; f < columns; f++) if (entries[start + f] !== 0) active[f] = 1;
    }
  }
  return Uint32Array.from(active.keys()).filter((f) => active[f] === 1);
}
