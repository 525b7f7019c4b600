import { NumericalError } from '../errors.js';
import { blockLanczosAsync } from '../numeric/lanczos/block-lanczos.js';
import type { EigenPairs } from '../numeric/lanczos/eigen-pairs.js';
import { dot } from '../numeric/kernels/orthonormalise.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { unitScaled } from '../numeric/kernels/unit-scale.js';
import type { AsyncSymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import type { TopPairs } from './top-pairs.js';

/**
 * What is followed of a gradient g, with λ_i, v_i the top k eigenpairs of the Hessian and P_k = Σ v_i v_iᵀ:
 *
 *   gradient  g
 *   dominant  P_k g            Dom-SGD of Song, Ahn & Yun, arXiv:2405.16002
 *   bulk      (1 − P_k) g      Bulk-SGD
 *   newton    Σ (v_iᵀg/λ_i) v_i, λ_i > 0: the low-rank Newton step of GRD18, §5
 */
export type Direction = 'gradient' | 'dominant' | 'bulk' | 'newton';

/** The subspace that is followed, and since when. */
export interface FollowState {
  /** Its eigenpairs, as they were last computed. */
  readonly pairs: TopPairs;
  /** The first step at which only a part of the gradient was followed; null before it. */
  readonly since: number | null;
  /** χ̄, the moving average of χ_k of the full gradient that the switch waits for; null where there is none yet. */
  readonly averageDominance: number | null;
  /** Hessian products spent on it. */
  readonly products: number;
}

/** The top k eigenpairs to follow, from those of a while ago, with the products they took. */
export function followedPairs(
  hessian: AsyncSymmetricOperator,
  before: TopPairs,
  {
    basis,
    ...options
  }: { readonly count: number; readonly tolerance: number; readonly seed: number; readonly basis?: number },
): Promise<TopPairs & Pick<EigenPairs, 'products'>> {
  const start = before.vectors.length > 0 ? { start: before.vectors } : {};
  const limit = basis === undefined ? {} : { basis, most: basis };
  return blockLanczosAsync(hessian, { ...options, ...limit, ...start, blockSize: 1, verify: false });
}

/** The part of g that is followed. Cost: O(k · parameters). */
export function followedPart<V extends FloatArray>(
  g: V,
  direction: Direction,
  { dimension: n, values, vectors }: TopPairs,
): V {
  if (direction === 'gradient') return g;
  const wide = Float64Array.from(g);
  const part = new Float64Array(n);
  values.forEach((lambda, i) => {
    if (direction === 'newton' && !(lambda > 0)) return;
    const along = dot(vectors, i * n, wide, 0, n) / (direction === 'newton' ? lambda : 1);
    for (let j = 0; j < n; j++) part[j]! += along * vectors[i * n + j]!;
  });
  const result = g.slice() as V;
  for (let j = 0; j < n; j++) result[j] = direction === 'bulk' ? wide[j]! - part[j]! : part[j]!;
  return result;
}

/**
 * χ_k(g) = ‖P_k g‖/‖g‖ with P_k on the vectors that are followed, whichever they are where the cut is degenerate. Throws NumericalError if
 * g = 0. Cost: O(k · parameters).
 */
export function followedDominance(gradient: Float64Array, pairs: TopPairs): number {
  const g = unitScaled(gradient);
  const norm = Math.sqrt(dot(g, 0, g, 0, g.length));
  if (!(norm > 0))
    throw new NumericalError('χ of the followed subspace is undefined: the gradient is zero (or not a number)');
  const part = followedPart(g, 'dominant', pairs);
  return Math.min(1, Math.sqrt(dot(part, 0, part, 0, part.length)) / norm);
}
