import { energyBoundsAcross } from './energy-bounds.js';
import { ritzEvidence, type Assessment } from './lanczos-assessment.js';
import type { LanczosSettings } from './lanczos-options.js';
import { lanczosResult, type BlockLanczosResult } from './lanczos-result.js';
import { signedProduct, type LanczosSearch } from './lanczos-search.js';
import type { ProductProgram } from './product-program.js';
import { ritzVectors } from './ritz-pairs.js';
import { residualNorms } from './true-residuals.js';

/** The wanted pairs with their residuals, from products of their own where these are to be verified, and all that is known of them. */
export function* reported(
  search: LanczosSearch,
  assessment: Assessment,
  stop: BlockLanczosResult['stop'],
  settings: LanczosSettings,
): ProductProgram<BlockLanczosResult> {
  const { space, tracker, sign, norm, spent } = search;
  const { count, goal, verify, failure } = settings;
  const { ritz, ceilings, rounding } = assessment;
  const vectors = yield* ritzVectors(space, ritz, count);
  const values = ritz.values.slice(0, count);
  const residuals = verify
    ? residualNorms(yield* signedProduct(search, vectors.slice(), count), values, vectors)
    : Float64Array.from(assessment.residuals.slice(0, count));
  const verified = assessment.residuals.map((r, i) => Math.max(r, residuals[i] ?? 0));
  const evidence = ritzEvidence(search, settings, { ...assessment, residuals: verified });
  return lanczosResult(space.dimension, sign, {
    values,
    vectors,
    residuals,
    ceilings,
    rounding,
    products: spent.products,
    restarts: spent.restarts,
    norm,
    residualsFrom: verify ? 'products' : 'recurrence',
    stop,
    witnesses: spent.witnesses,
    failure,
    ...(goal === undefined ? {} : { topFraction: energyBoundsAcross(evidence, tracker.squaredNorm, goal.m, count) }),
  });
}
