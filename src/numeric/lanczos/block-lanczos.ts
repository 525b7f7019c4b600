import type { BlockLanczosOptions, FractionOf } from './lanczos-options.js';
import { lanczosProgram } from './lanczos-program.js';
import type { BlockLanczosResult } from './lanczos-result.js';
import { runProgram, runProgramAsync, type ProductProgram } from './product-program.js';
import { scaleFree } from '../kernels/scale-free.js';
import type { AsyncSymmetricOperator, SymmetricOperator } from '../kernels/symmetric-operator.js';
import { unitScaled } from '../kernels/unit-scale.js';

export type { BlockLanczosOptions, FractionOf, StopRule } from './lanczos-options.js';
export type { BlockLanczosResult } from './lanczos-result.js';

/**
 * The `count` largest (or smallest) eigenvalues of a symmetric operator with eigenvectors, values descending: block Lanczos with
 * full reorthogonalisation and thick restart (Golub & Underwood 1977; Wu & Simon 2000), in the form A V = V T + R C of Krylov
 * and Schur (Stewart 2001), in which a product may go to any residual direction. From a random start these are the Lanczos
 * block; from a start of nearly converged vectors, the principal directions of the residuals that are still too large.
 * Converged pairs stay in the search space but ask for no products.
 *
 * That the eigenvalues found are the *largest*, with all copies of multiplets, no residual can tell. Once the wanted pairs are roughly there,
 * a random vector is drawn in the complement of what was found, which it does not depend on, and followed by Lanczos there: what it does not
 * show is bounded from above with a stated probability (`spectralCeiling`), and so are all wanted eigenvalues (`ritzCeilings`: `outer`, `errors`).
 * Where it shows one that was overlooked, for instance another copy, more are drawn behind it. What the `effort` does not decide stays wide.
 *
 * Every result carries true residuals ‖Av − λv‖ from products of their own, unless `verify` is false. The rounding of the products is measured once,
 * by another route (`precise`, or a multiple of the vector), and is part of every bound. Throws UsageError for options
 * that are not legal, NumericalError if products run out or are not finite. Cost: 4n · basis operations per product and memory
 * for `basis` vectors and the residual directions, of which there are as many as vectors in the largest block.
 */
export function blockLanczos(operator: SymmetricOperator, options: BlockLanczosOptions): BlockLanczosResult {
  return runProgram(operator, scaleFreeLanczos(operator, options));
}

/** `blockLanczos` for an operator whose products are awaited: the same bytes for the same products. */
export function blockLanczosAsync(
  operator: AsyncSymmetricOperator,
  options: BlockLanczosOptions,
): Promise<BlockLanczosResult> {
  return runProgramAsync(operator, scaleFreeLanczos(operator, options));
}

/** Eigenvalues of 1e-300 take as many products as those of 1; so do top fractions of such a gradient, of which the length says nothing. */
function scaleFreeLanczos(
  { dimension, precision }: Pick<SymmetricOperator, 'dimension' | 'precision'>,
  options: BlockLanczosOptions,
): ProductProgram<BlockLanczosResult> {
  const unit = <F extends FractionOf>(fraction: F): F => ({ ...fraction, gradient: unitScaled(fraction.gradient) });
  const { until, fraction } = options;
  const scaleless = {
    ...options,
    ...(fraction === undefined ? {} : { fraction: unit(fraction) }),
    ...(until === undefined || 'residual' in until ? {} : { until: { topFraction: unit(until.topFraction) } }),
  };
  return scaleFree(lanczosProgram(dimension, scaleless, precision), scaled);
}

/** The result for s A, given that for A: all that has the unit of an eigenvalue. */
function scaled(result: BlockLanczosResult, s: number): BlockLanczosResult {
  const { values, residuals, errors, outer, rounding, norm, unseen, topFraction, alongGradient } = result;
  const times = (x: Float64Array): Float64Array => x.map((entry) => s * entry);
  return {
    ...result,
    values: times(values),
    residuals: times(residuals),
    errors: times(errors),
    outer: times(outer),
    rounding: s * rounding,
    norm: s * norm,
    unseen: s * unseen,
    ...(topFraction === undefined ? {} : { topFraction: { ...topFraction, gap: s * topFraction.gap } }),
    ...(alongGradient === undefined ? {} : { alongGradient: times(alongGradient) }),
  };
}
