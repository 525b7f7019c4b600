import type { BlockLanczosOptions } from './lanczos-options.js';
import { lanczosProgram } from './lanczos-program.js';
import type { BlockLanczosResult } from './lanczos-result.js';
import { runProgram, runProgramAsync, type ProductProgram } from './product-program.js';
import { scaleFree } from './scale-free.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from './symmetric-operator.js';
import { unitScaled } from './unit-scale.js';

export type { BlockLanczosOptions, StopRule } from './lanczos-options.js';
export type { BlockLanczosResult } from './lanczos-result.js';

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
  return runProgram(operator, scaleFreeLanczos(operator.dimension, options));
}

/** `blockLanczos` for an operator whose products are awaited: the same bytes for the same products. */
export function blockLanczosAsync(
  operator: AsyncSymmetricOperator,
  options: BlockLanczosOptions,
): Promise<BlockLanczosResult> {
  return runProgramAsync(operator, scaleFreeLanczos(operator.dimension, options));
}

/** Eigenvalues of 1e-300 take as many products as those of 1; so do top fractions of such a gradient, of which the length says nothing. */
function scaleFreeLanczos(n: number, options: BlockLanczosOptions): ProductProgram<BlockLanczosResult> {
  const { until } = options;
  if (until === undefined || 'residual' in until) return scaleFree(lanczosProgram(n, options), scaled);
  const topFraction = { ...until.topFraction, gradient: unitScaled(until.topFraction.gradient) };
  return scaleFree(lanczosProgram(n, { ...options, until: { topFraction } }), scaled);
}

/** The result for s A, given that for A: all that has the unit of an eigenvalue. */
function scaled(result: BlockLanczosResult, s: number): BlockLanczosResult {
  const { values, residuals, errors, norm, unseen, topFraction } = result;
  const times = (x: Float64Array): Float64Array => x.map((entry) => s * entry);
  return {
    ...result,
    values: times(values),
    residuals: times(residuals),
    errors: times(errors),
    norm: s * norm,
    unseen: { ...unseen, ceiling: s * unseen.ceiling },
    ...(topFraction === undefined ? {} : { topFraction: { ...topFraction, gap: s * topFraction.gap } }),
  };
}
