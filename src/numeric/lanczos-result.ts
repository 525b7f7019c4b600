import type { EigenPairs } from './eigen-pairs.js';
import type { EnergyBounds } from './energy-bounds.js';
import type { UnseenEigenvalue } from './unseen-eigenvalue.js';

/** Eigenpairs and how they were found. */
export interface BlockLanczosResult extends EigenPairs {
  readonly restarts: number;
  /** Random blocks that were needed, 1 unless a multiplet or an invariant subspace asked for more. */
  readonly randomBlocks: number;
  /** Largest Ritz value in absolute value, an estimate of ‖A‖ from below. */
  readonly norm: number;
  /** Where the residuals come from. */
  readonly residualsFrom: 'products' | 'recurrence';
  /** What ended the search: 'whole-space' where all n dimensions were searched. */
  readonly stop: 'residual' | 'top-fraction' | 'whole-space';
  /** ‖P_m g‖²/‖g‖², if it was asked for: within `accuracy` where `stop` says so, otherwise as good as the gaps at this cut and at those on either side allow. */
  readonly topFraction?: EnergyBounds;
  /** Could an eigenvalue have been missed? For the smallest `ceiling` is a floor. */
  readonly unseen: UnseenEigenvalue;
}
