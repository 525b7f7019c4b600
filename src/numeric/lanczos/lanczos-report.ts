import { energyBoundsAcross, type EnergyBounds } from './energy-bounds.js';
import { boundsOfBoth, gradientReach, ritzEvidence } from './fraction-bounds.js';
import type { Assessment } from './lanczos-assessment.js';
import type { LanczosSettings } from './lanczos-options.js';
import { lanczosResult, type BlockLanczosResult, type SearchSeconds } from './lanczos-result.js';
import { now, signedProduct, type LanczosSearch } from './lanczos-search.js';
import { addCombinationsOf } from '../kernels/add-combinations.js';
import { isWithin } from './lanczos-prospect.js';
import type { Pausing } from '../kernels/pausing.js';
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
    ...(space.orthogonality === undefined ? {} : { orthogonality: space.orthogonality }),
    products: spent.products,
    restarts: spent.restarts,
    seconds: secondsOf(spent),
    norm,
    residualsFrom: verify ? 'products' : 'recurrence',
    stop,
    witnesses: spent.witnesses,
    failure,
    ...(goal === undefined ? {} : { topFraction: yield* fraction() }),
    ...(search.isGradientFirst ? { alongGradient: yield* firstProduct(search) } : {}),
  });

  function* fraction(): Pausing<EnergyBounds> {
    const { m, accuracy } = goal!;
    const across = energyBoundsAcross(evidence, tracker.squaredNorm, m, count);
    const bounds = boundsOfBoth(evidence, across, m, yield* gradientReach(search));
    const estimate = Math.min(bounds.upper, Math.max(bounds.lower, bounds.estimate));
    return withinAccuracy({ ...bounds, estimate }, accuracy);
  }
}

/** What the search has cost until now. */
function secondsOf({ began, inProducts, looking }: LanczosSearch['spent']): SearchSeconds {
  return { products: inProducts, orthogonalisation: now() - began - inProducts - looking, small: looking };
}

/** A times the first vector of V. */
function* firstProduct({ space }: LanczosSearch): Pausing<Float64Array> {
  const { dimension: n, size, open, capacity, vectors, projected } = space;
  const along = Float64Array.from({ length: size + open }, (_, i) => projected[i * capacity]!);
  const result = new Float64Array(n);
  yield* addCombinationsOf(vectors.part(0, size + open), along, result, 1);
  return result;
}

/** With the middle for the estimate, where only that is within the accuracy of both bounds. */
function withinAccuracy(bounds: EnergyBounds, accuracy: number): EnergyBounds {
  const { estimate, lower, upper } = bounds;
  const isNear = upper - estimate <= accuracy && estimate - lower <= accuracy;
  return isNear || !isWithin(bounds, accuracy) ? bounds : { ...bounds, estimate: (lower + upper) / 2 };
}
