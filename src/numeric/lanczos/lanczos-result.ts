import type { EigenPairs } from './eigen-pairs.js';
import type { EnergyBounds } from './energy-bounds.js';

/** Seconds of a search by what they were spent on, pauses included: products; passes over vectors of length n; projected problems. */
export interface SearchSeconds {
  readonly products: number;
  readonly orthogonalisation: number;
  readonly small: number;
}

/** Eigenpairs and how they were found. */
export interface BlockLanczosResult extends EigenPairs {
  /**
   * λ_j lies between values[j] and outer[j], give or take `rounding`, copies of multiplets counted, with probability at least 1 − `failure` over the
   * random vectors; |outer[j] − values[j]| is what `errors[j]` is made of. Infinite where nothing is known.
   */
  readonly outer: Float64Array;
  /** Bounds all eigenvalues but those that were found, from above; for the smallest from below; −∞ (∞) where all were. As certain as `outer`. */
  readonly unseen: number;
  readonly failure: number;
  /** The measured rounding of the products: pairs and residuals are those of A + E, ‖E‖ about this at most on the wanted vectors. */
  readonly rounding: number;
  /** The measured loss of orthogonality of the search space along the wanted vectors, ‖Wᵀx − s‖ of a unit x = W s, which `rounding` knows of; absent where that was not measured. */
  readonly orthogonality?: number;
  readonly restarts: number;
  /** What the search has cost, which is not the same twice. */
  readonly seconds: SearchSeconds;
  /** Draws of random vectors, 1 for the first block; more where multiplets or eigenvalues that were overlooked asked for them. */
  readonly witnesses: number;
  /** Largest Ritz value in absolute value, an estimate of ‖A‖ from below. */
  readonly norm: number;
  /** Where the residuals come from. */
  readonly residualsFrom: 'products' | 'recurrence';
  /** What ended the search: 'whole-space' where all n dimensions were searched. */
  readonly stop: 'residual' | 'top-fraction' | 'whole-space';
  /**
   * ‖P_m g‖²/‖g‖², if it was asked for: within `accuracy` where `stop` says so, otherwise as good as the gaps at this cut and at those on either
   * side allow. As certain as `outer`.
   */
  readonly topFraction?: EnergyBounds;
  /** A ĝ for the unit vector ĝ along g, from A V = V T + R C, where the search began with g and was not restarted. */
  readonly alongGradient?: Float64Array;
}

/** What a search of the largest eigenvalues of ± A found. */
export interface Found extends Omit<BlockLanczosResult, 'dimension' | 'errors' | 'outer' | 'unseen'> {
  /** λ_j ≤ ceilings[j − 1] for j up to count + 1. */
  readonly ceilings: Float64Array;
}

/** The result for A itself, in descending order. */
export function lanczosResult(dimension: number, sign: 1 | -1, { ceilings, ...found }: Found): BlockLanczosResult {
  const { values, vectors, residuals, rounding } = found;
  const count = values.length;
  const outer = ceilings.slice(0, count);
  const errors = outer.map((bound, j) => Math.max(bound - values[j]!, rounding));
  const result = { ...found, dimension, outer, errors, unseen: ceilings[count] ?? -Infinity };
  if (sign > 0) return result;
  const back = (list: Float64Array): Float64Array => list.map((x) => -x).reverse();
  if (result.alongGradient !== undefined) negate(result.alongGradient);
  const turned = new Float64Array(vectors.length);
  for (let j = 0; j < count; j++) {
    turned.set(vectors.subarray(j * dimension, (j + 1) * dimension), vectors.length - (j + 1) * dimension);
  }
  return {
    ...result,
    values: back(values),
    outer: back(outer),
    unseen: -result.unseen,
    vectors: turned,
    residuals: residuals.slice().reverse(),
    errors: errors.slice().reverse(),
  };
}

function negate(x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = -x[i]!;
}
