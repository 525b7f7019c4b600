import { NumericalError } from '../../errors.js';
import { gradientProduct } from '../../loss/gradient-product.js';
import { gradientError } from '../../loss/network-snapshot.js';
import type { Objective, Statistics } from '../../loss/objective.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { norm } from '../../numeric/kernels/norm.js';
import type { AsyncSymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';
import type { BlockLanczosResult, FractionOf } from '../../numeric/lanczos/block-lanczos.js';
import { energyFraction } from '../../observe/energy-fraction.js';
import { gradientHessianOverlap } from '../../observe/gradient-hessian-overlap.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import type { GradientAtWeights } from './spectrum-document.js';

/** The share of a gradient, or of a part of it, that a search is to bound; undefined where the gradient is zero, or m is all of the space. Cost: in float32 a gradient in float64. */
export async function fractionOf(
  objective: Objective,
  { weights, statistics }: { readonly weights: FloatArray; readonly statistics: Statistics },
  gradient: Float64Array,
  m: number,
  part: (whole: Float64Array) => Float64Array,
): Promise<FractionOf | undefined> {
  if (m >= gradient.length || !isUsable(gradient)) return undefined;
  return { gradient, m, gradientError: await gradientError(objective, gradient, weights, statistics, true, part) };
}

/** f_top(m), overlap(g, Hg) and ‖g‖ of a gradient, from the eigenpairs of its curvature; f_top from at least m + 1 of them. `parameters`: of which m/parameters is what a random direction has. Cost: one product. */
export async function gradientAtWeights(
  operator: AsyncSymmetricOperator,
  gradient: Float64Array,
  pairs: BlockLanczosResult,
  { subspace, parameters }: { readonly subspace: number; readonly parameters: number },
): Promise<GradientAtWeights> {
  const gradientNorm = norm(gradient);
  if (!isUsable(gradient)) {
    return {
      gradientNorm,
      subspace,
      topFraction: null,
      topFractionBounds: null,
      overlapGradientHessianGradient: null,
    };
  }
  const { topFraction: bounds, dimension } = pairs;
  const isAll = subspace >= dimension;
  const spectrum = measuredSpectrum(pairs);
  return {
    gradientNorm,
    subspace,
    topFraction: isAll
      ? { lower: 1, upper: 1, gap: 0, null: 1 }
      : pairs.values.length <= subspace
        ? null
        : { ...energyFraction(spectrum, gradient, subspace, 'the gradient'), null: subspace / parameters },
    topFractionBounds:
      bounds === undefined ? null : { lower: bounds.lower, upper: bounds.upper, estimate: bounds.estimate },
    overlapGradientHessianGradient: await overlapOf(operator, gradient),
  };
}

const isUsable = (gradient: Float64Array): boolean =>
  gradient.every(Number.isFinite) && gradient.some((entry) => entry !== 0);

/** Null where the product with the gradient is zero, or not finite. */
async function overlapOf(operator: AsyncSymmetricOperator, gradient: Float64Array): Promise<number | null> {
  try {
    return gradientHessianOverlap({ gradient, hessian: await gradientProduct(operator, gradient, 0) });
  } catch (error) {
    if (error instanceof NumericalError) return null;
    throw error;
  }
}
