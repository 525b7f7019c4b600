import type { EigenPairs } from './eigen-pairs.js';
import type { EnergyBounds } from './energy-bounds.js';
import { lanczosProgram } from './lanczos-program.js';
import { runProgram, runProgramAsync } from './product-program.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from './symmetric-operator.js';
import type { UnseenEigenvalue } from './unseen-eigenvalue.js';

/** When to stop: every pair's residual over ‖A‖ is small, or ‖P_m g‖²/‖g‖² is known to ± accuracy (1 ≤ m < count). */
export type StopRule =
  | { readonly residual: number }
  | { readonly topFraction: { readonly gradient: Float64Array; readonly m: number; readonly accuracy: number } };

export interface BlockLanczosOptions {
  /** How many eigenvalues are wanted. */
  readonly count: number;
  /** The largest or the smallest; default the largest. */
  readonly which?: 'largest' | 'smallest';
  /**
   * Vectors per product; default 4. Larger blocks cost more products, but fewer and cheaper-per-vector calls. With 2 the fewest
   * are needed; with 1 every eigenvalue might be double, which takes a second search to rule out.
   */
  readonly blockSize?: number;
  /** Residual over ‖A‖ at which a pair counts as converged; default 1e-10, at least 10 √n eps. */
  readonly tolerance?: number;
  /** Default { residual: tolerance }. A top fraction that the gap does not let certify falls back to `tolerance`. */
  readonly until?: StopRule;
  /** Seed of the random start; default 1. */
  readonly seed?: number;
  /** Vectors to start from besides the random ones, for instance the eigenvectors of a similar operator. */
  readonly start?: Float64Array;
  /** Random vectors in the first block; default blockSize. They guard a start against eigenvectors it does not contain. */
  readonly guards?: number;
  /**
   * Goes on until `unseen.ceiling` is at most this, over ‖A‖, above the last wanted eigenvalue, or a restart comes first; default
   * Infinity. For use with a `start`: the ceiling is one for all but as many eigenvalues as that has vectors.
   */
  readonly ceiling?: number;
  /** Residuals from products of their own (default), `count` more; otherwise from A V = V T + R C, to rounding. */
  readonly verify?: boolean;
  /** Vectors the search space may hold before it is restarted; default 2 count + 12 max(blockSize, 5) and those of `start`. */
  readonly basis?: number;
  /** Operator–vector products allowed; default 20 000. */
  readonly maxProducts?: number;
}

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
  /** ‖P_m g‖²/‖g‖², if it was asked for: within `accuracy` where `stop` says so, otherwise as good as the gap allows. */
  readonly topFraction?: EnergyBounds;
  /** Could an eigenvalue have been missed? For the smallest `ceiling` is a floor. */
  readonly unseen: UnseenEigenvalue;
}

/**
 * The `count` largest (or smallest) eigenvalues of a symmetric operator with eigenvectors, values descending: block Lanczos with
 * full reorthogonalisation and thick restart (Golub & Underwood 1977; Wu & Simon 2000), in the form A V = V T + R C of Krylov
 * and Schur (Stewart 2001), in which a product may go to any residual direction. From a random start these are the Lanczos
 * block; from a start of nearly converged vectors, the principal directions of the residuals that are still too large.
 * Converged pairs stay in the search space but ask for no products.
 *
 * Multiplets: r random start vectors generate min(r, n) copies of an n-fold eigenvalue, with probability 1. So a group of fewer
 * than r numerically equal Ritz values is complete; while a group above the cut is not smaller than r, another random block
 * joins the search, which then goes on until the pair behind the cut has settled too. A subspace that is invariant before enough
 * pairs are found is left in the same way.
 *
 * Every result carries true residuals ‖Av − λv‖ from products of their own, unless `verify` is false. That the eigenvalues found
 * are the *largest* rests on the random start, as in any Krylov method; `unseen` says how far, which from a random start alone
 * is a bound on λ₁ and beside a start of s vectors one on λ_{s+1}. Throws UsageError for options
 * that are not legal, NumericalError if products run out or are not finite. Cost: 4n · basis operations per product and memory
 * for `basis` vectors and the residual directions, of which there are as many as vectors in the largest block.
 */
export function blockLanczos(operator: SymmetricOperator, options: BlockLanczosOptions): BlockLanczosResult {
  return runProgram(operator, lanczosProgram(operator.dimension, options));
}

/** `blockLanczos` for an operator whose products are awaited: the same bytes for the same products. */
export function blockLanczosAsync(
  operator: AsyncSymmetricOperator,
  options: BlockLanczosOptions,
): Promise<BlockLanczosResult> {
  return runProgramAsync(operator, lanczosProgram(operator.dimension, options));
}
