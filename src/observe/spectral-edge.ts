import { NumericalError, UsageError } from '../errors.js';
import { atOnce, type Pausing } from '../numeric/kernels/pausing.js';
import { symmetricEigenProgram } from '../numeric/kernels/small-symmetric-eigen.js';
import { unitFactor } from '../numeric/kernels/unit-scale.js';

/** The spectrum of a window of w updates δ of θ and where it falls off (Xu 2026, arXiv:2603.15678, arXiv:2604.07380). Units: σ and drift those of θ, gaps θ². */
export interface SpectralEdge {
  /** σ_j = √λ_j(G), descending; those the Gram matrix cannot resolve, below σ₁ √(w eps), are 0. */
  readonly singularValues: readonly number[];
  /** (σ_j − σ_{j+1})/σ_j for j = 1 … w − 1: 0 for a pair, 1 where σ_{j+1} = 0. NaN where both are 0. */
  readonly relativeGaps: readonly number[];
  /** σ_j² − σ_{j+1}² for j = 1 … w − 1: g at j = k*, g₂₃ at j = 2. */
  readonly gaps: readonly number[];
  /** k*, the j with the largest σ_j/σ_{j+1}; the first of equal ones. Ratios to what is not resolved count only where there is no other. */
  readonly edge: number;
  /** R = σ_{k*}/σ_{k*+1}, at least 1; Infinity where only σ₁ is resolved. */
  readonly ratio: number;
  /** The j with the largest (σ_j/Σσ)(σ_j/σ_{j+1}), chosen like k*. */
  readonly weightedEdge: number;
  /** √(Σ_ij G_ij/w²): the length of the mean update. */
  readonly drift: number;
  /** σ₁²/Σσ², the share of the first component. */
  readonly firstShare: number;
}

/** The spectrum and the eigenvectors of its Gram matrix: `vectors[j w + i]` is the part of update i in direction j, orthonormal rows. */
export interface DecomposedWindow {
  readonly spectrum: SpectralEdge;
  readonly vectors: Float64Array;
}

/**
 * The spectrum of w updates from their Gram matrix G_ij = δ_i · δ_j, row-major w × w, uncentred. i.i.d. Gaussian updates in D ≫ w dimensions have their σ between
 * about √D − √w and √D + √w (Marchenko & Pastur 1967), so that R falls to 1 as D grows, at any k*.
 *
 * Throws UsageError unless G is a w × w Gram matrix (w ≥ 2, no eigenvalue clearly negative), NumericalError where it is zero or not finite. Cost: O(w³).
 */
export function spectralEdge(gram: Float64Array, w: number): SpectralEdge {
  return atOnce(spectralEdgeProgram(gram, w)).spectrum;
}

/** `spectralEdge` with pauses, and its eigenvectors. */
export function* spectralEdgeProgram(gram: Float64Array, w: number): Pausing<DecomposedWindow> {
  if (!Number.isInteger(w) || w < 2) throw new UsageError(`a window needs at least 2 updates, received ${w}`);
  if (gram.length !== w * w)
    throw new UsageError(`a Gram matrix of ${w} updates has ${w * w} entries, received ${gram.length}`);
  const factor = unitFactor(gram);
  const { values: squares, vectors } = yield* symmetricEigenProgram(
    gram.map((x) => factor * x),
    w,
  );
  const [first, last] = [squares[0]!, squares[w - 1]!];
  if (!(first > 0 && first < Infinity)) {
    throw new NumericalError('all updates are zero (or not numbers): they have no spectrum');
  }
  if (last < -Math.sqrt(Number.EPSILON) * first) {
    throw new UsageError(`inner products of updates have no negative eigenvalue, received ${last / factor}`);
  }
  const resolved = first * w * Number.EPSILON;
  const energies = Array.from(squares, (square) => (square > resolved ? square : 0));
  const relative = energies.map(Math.sqrt);
  const relativeGaps = relative.slice(1).map((next, j) => 1 - next / relative[j]!);
  const candidates = Math.max(1, relative.filter((sigma) => sigma > 0).length - 1);
  const largest = (of: readonly number[]): number => 1 + of.indexOf(Math.max(...of));
  const edge = largest(relativeGaps.slice(0, candidates));
  const weights = relative.slice(0, candidates).map((sigma, j) => sigma / (1 - relativeGaps[j]!));
  const total = gram.reduce((sum, x) => sum + factor * x, 0);
  const spectrum: SpectralEdge = {
    singularValues: relative.map((sigma) => sigma / Math.sqrt(factor)),
    relativeGaps,
    gaps: energies.slice(1).map((next, j) => (energies[j]! - next) / factor),
    edge,
    ratio: relative[edge - 1]! / relative[edge]!,
    weightedEdge: largest(weights),
    drift: Math.sqrt(Math.max(0, total) / factor) / w,
    firstShare: first / energies.reduce((sum, x) => sum + x, 0),
  };
  return { spectrum, vectors };
}
