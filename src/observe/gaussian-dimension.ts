import { UsageError } from '../errors.js';

/**
 * `coordinateDimension` of an i.i.d. Gaussian vector of D coordinates, in the harmonic mean: 1/E[Σg⁴/(Σg²)²] = (D + 2)/3, exact for every D, as the direction is uniform on the sphere.
 * It grows as D¹: the exponent of pure noise is 1.
 */
export const gaussianCoordinateNull = (coordinates: number): number => (coordinates + 2) / 3;

/**
 * `setDimension` of n i.i.d. Gaussian vectors of dimension P: (nP + 2)/(n + P + 1); of a centred set of n + 1, the same. Below both n and P, and symmetric in them.
 *
 * With unit covariance in P dimensions it is the harmonic mean, exact for all n and P. With any covariance Σ it is E(Tr K)²/E Tr K², exact with P = (Tr Σ)²/Tr Σ², the participation ratio
 * of its eigenvalues: E Tr K² = n(n + 1) Tr Σ² + n (Tr Σ)², E(Tr K)² = n²(Tr Σ)² + 2n Tr Σ². n where P is infinite.
 */
export const gaussianSetNull = (n: number, dimension: number): number =>
  dimension === Infinity ? n : (n * dimension + 2) / (n + dimension + 1);

/**
 * The P of which n i.i.d. Gaussian vectors (n + 1, if centred) have `setDimension` q: ((n + 1) q − 2)/(n − q), `gaussianSetNull` solved for P. Infinite where q is n or more. An estimate, as q scatters
 * about its mean; not below 1. Throws UsageError unless 1 ≤ n < ∞ and q ≥ 1.
 */
export function populationDimension(n: number, q: number): number {
  if (!(n >= 1 && n < Infinity && q >= 1))
    throw new UsageError(`n and the dimension of a set are at least 1, and n is finite; received ${n} and ${q}`);
  return q >= n ? Infinity : Math.max(1, ((n + 1) * q - 2) / (n - q));
}
