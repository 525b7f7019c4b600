/** A distinct eigenvalue with its multiplicity and an absolute bound on its error. */
export interface Level {
  readonly value: number;
  readonly multiplicity: number;
  readonly error: number;
}

/**
 * The top of a spectrum as levels, descending. A multiplet that is exact by symmetry is one level; eigenvalues that
 * were measured one by one are levels of multiplicity 1, and observables merge those whose error bars touch.
 *
 * - `dimension`: of the space that the levels and the remainder fill. The accessors take and return vectors in the coordinates of
 *   the snapshot, which may leave out directions of levels in which nothing of interest lies.
 * - `remainder`: what is known of the eigenvalues below the last level: all are exactly zero ('null'), or they are only
 *   known not to exceed the last level ('below').
 * - `energy(i, x)` = ‖P_i x‖² for the projector P_i on level i.
 * - `basis(i)`: an orthonormal basis of level i, vectors one after the other.
 * - `tilt(count)`: bound on the sine of the largest angle between the span of the first `count` levels and that of the exact
 *   eigenvectors it stands for; left out where the spaces are exact by symmetry, or where others account for their error.
 */
export interface Spectrum {
  readonly dimension: number;
  readonly levels: readonly Level[];
  readonly remainder: 'null' | 'below';
  /** ‖P_i x‖². */
  energy(level: number, x: Float64Array): number;
  /** An orthonormal basis of level i, vectors one after the other. */
  basis(level: number): Float64Array;
  /** Bound on the sine of the largest angle to the exact span of the first `count` levels. */
  tilt?(count: number): number;
}
