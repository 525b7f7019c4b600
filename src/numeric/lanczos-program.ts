import { NumericalError } from '../errors.js';
import { energyBounds, energyBoundsAcross, type EnergyBounds, type RitzEvidence } from './energy-bounds.js';
import * as krylov from './krylov-space.js';
import { checkLanczosOptions, type BlockLanczosOptions } from './lanczos-options.js';
import type { BlockLanczosResult } from './lanczos-result.js';
import { isWithin, mayMissCopies, settledBelow } from './lanczos-stop.js';
import type { ProductProgram } from './product-program.js';
import { projectionTracker } from './projection-tracker.js';
import { randomStream } from './random.js';
import { columnNorms, lastDirections, principalDirections } from './residual-directions.js';
import { restart, ritzPairs, ritzResiduals, ritzVectors } from './ritz-pairs.js';
import type { SmallEigen } from './small-symmetric-eigen.js';
import { eigenvalueErrors, residualNorms } from './true-residuals.js';
import { krylovReach, unseenEigenvalue, type UnseenEigenvalue } from './unseen-eigenvalue.js';

/** What the small matrices say about the search: the Ritz pairs, and C y of those that are looked at. */
interface Assessment {
  readonly ritz: SmallEigen;
  readonly coupling: Float64Array;
  readonly residuals: readonly number[];
  readonly isConverged: readonly boolean[];
  /** All that is wanted has converged, and the pair behind the cut has settled if it must. */
  readonly converged: boolean;
  readonly bounds: EnergyBounds | undefined;
}

/** The algorithm of `blockLanczos` as a program that yields the blocks to be multiplied. */
export function* lanczosProgram(n: number, options: BlockLanczosOptions): ProductProgram<BlockLanczosResult> {
  const settings = checkLanczosOptions(n, options);
  const { count, sign, blockSize, guards, goal, start, maxProducts } = settings;
  const stream = randomStream(settings.seed, 'block-lanczos');
  const floor = 10 * Math.sqrt(n) * Number.EPSILON;
  const accuracy = Math.max(settings.tolerance, floor);
  const room = Math.min(n, settings.basis);
  const space = krylov.krylovSpace(n, Math.min(n, room + start.length / n + guards));
  const tracker = projectionTracker(n, goal?.gradient);
  let [products, blocks, restarts, norm, randomVectors, checkAt] = [0, 0, 0, 0, 0, 0];
  // Blocks that were needed to find what the first random vectors show, and that the last random block still has to go.
  let [needed, probation] = [0, 0];
  let late: readonly number[] | undefined; // where its vectors are in V

  const addRandom = (wanted: number): number => {
    const vectors = Math.min(wanted, n - space.size - space.open);
    krylov.enlarge(space, Math.min(n, room + space.open + vectors));
    randomVectors += vectors;
    return krylov.addOpen(
      space,
      new Float64Array(n * vectors).map(() => stream.normal()),
    );
  };
  const evidenceOf = (
    ritz: SmallEigen,
    about: { readonly verified?: ArrayLike<number>; readonly outside?: number } = {},
  ): RitzEvidence => {
    const { size, open } = space;
    const coupling = ritzResiduals(space, ritz, size);
    const residuals = columnNorms(coupling, size).map((r, i) => Math.max(r, about.verified?.[i] ?? 0));
    const coefficients = tracker.coefficients(ritz, size);
    return { values: ritz.values, residuals, coefficients, directions: { coupling, open }, ...about };
  };
  const boundsOf = (ritz: SmallEigen, m: number, about?: { readonly outside: number }): EnergyBounds =>
    energyBounds(evidenceOf(ritz, about), tracker.squaredNorm, m);
  const assess = (): Assessment => {
    const ritz = ritzPairs(space);
    norm = Math.max(Math.abs(ritz.values[0]!), Math.abs(ritz.values.at(-1)!), norm);
    const shown = Math.min(space.size, count + blockSize);
    const coupling = ritzResiduals(space, ritz, shown);
    const residuals = columnNorms(coupling, shown);
    const isConverged = residuals.map((r) => r <= accuracy * norm);
    const converged =
      space.size >= count &&
      isConverged.slice(0, count).every(Boolean) &&
      (!mustWatch() || settledBelow(ritz, residuals, count, accuracy * norm, norm));
    if (goal === undefined || space.size <= goal.m) {
      return { ritz, coupling, residuals, isConverged, converged, bounds: undefined };
    }
    return { ritz, coupling, residuals, isConverged, converged, bounds: boundsOf(ritz, goal.m) };
  };
  const forwardGradient = (gradient: Float64Array): number => {
    krylov.enlarge(space, Math.min(n, room + space.open + 1));
    return forwardLast(krylov.addOpen(space, gradient));
  };
  /** Brings the principal ones of some residual directions to the front, at most a block of them. */
  const forward = (directions: readonly Float64Array[]): number => {
    const wanted = Math.min(directions.length, blockSize, space.open);
    if (wanted < space.open) krylov.bringForward(space, principalDirections(directions, space.open, wanted), wanted);
    return wanted;
  };
  const forwardLast = (wanted: number): number => {
    if (wanted > 0) krylov.bringForward(space, lastDirections(space.open, wanted), wanted);
    return wanted;
  };
  const forwardRandom = (): number => {
    probation = needed;
    const added = forwardLast(addRandom(blockSize));
    late = Array.from({ length: added }, (_, i) => space.size + i);
    return added;
  };
  // What a later random block, or one beside a start, has to show is seen once the pair behind the cut has settled.
  const mustWatch = (): boolean => !settings.simple && count < n && (randomVectors > guards || startVectors > 0);

  const startVectors = krylov.addOpen(space, start);
  const firstRandom = Array.from({ length: addRandom(guards) }, (_, i) => startVectors + i);
  // A restart discards the Krylov spaces of the first random vectors, and with them what is known from them.
  const assessUnseen = (): UnseenEigenvalue => unseenEigenvalue(space, startVectors, restarts > 0 ? [] : firstRandom);
  let take = space.open;
  let state: Assessment;
  let isCertified: boolean;
  let isInside = false; // g lies in the search space
  for (;;) {
    if (space.size + take > room) {
      const ritz = ritzPairs(space);
      const keep = Math.min(Math.max(count + 2 * blockSize, Math.floor(room / 2)), room - take);
      restart(space, ritz, keep);
      tracker.restart(ritz, keep);
      late = undefined;
      restarts++;
    }
    blocks++;
    const moved = yield { block: space.columns.slice(space.size * n, (space.size + take) * n), columns: take };
    products += take;
    krylov.absorb(space, take, sign > 0 ? moved : moved.map((x) => -x));
    tracker.extend(space);
    if (products < checkAt && space.open > 0 && space.open <= blockSize && space.size + space.open <= room) {
      take = space.open;
      continue;
    }
    state = assess();
    const { ritz, residuals, isConverged, bounds } = state;
    isCertified = goal !== undefined && bounds !== undefined && isWithin(bounds, goal.accuracy);
    // A top fraction that the gap lets certify is pursued beyond the tolerance, down to rounding.
    const canCertify =
      goal !== undefined &&
      bounds !== undefined &&
      bounds.gap > accuracy * norm &&
      residuals.slice(0, goal.m + 1).some((r) => r > floor * norm);
    const isFound = isCertified || (state.converged && !canCertify);
    if (isFound) needed ||= blocks;
    const isSuspect = (): boolean =>
      !settings.simple && mayMissCopies(ritz.values, residuals, count, startVectors + randomVectors, floor * norm);
    const isComplete = isFound && (probation <= 0 || space.open === 0) && !isSuspect();
    const isSafe =
      !isComplete ||
      settings.ceiling === Infinity ||
      restarts > 0 ||
      assessUnseen().ceiling <= ritz.values[count - 1]! + settings.ceiling * norm;
    if (space.size === n || (isComplete && isSafe)) break;
    const worst = space.size < count ? Infinity : Math.max(...residuals.slice(0, count));
    if (products >= maxProducts) {
      throw new NumericalError(
        `block Lanczos used ${products} products and the worst of ${count} residuals is ${worst}, above ${accuracy * norm}; ` +
          'allow more (maxProducts), ask for fewer pairs, or raise the tolerance',
      );
    }
    // A factor of ten takes more than two products: until then there is nothing to be seen. Bounds on a top fraction do not say how far
    // there is to go; looking costs size³, so that it is done less often in a large space.
    const factors = Math.min(5, Math.log10(worst / (accuracy * norm)));
    const skipped = goal === undefined ? 2 * Math.floor(factors) : Math.floor(space.size / 25);
    checkAt = isFound ? 0 : products + skipped;
    if (isComplete) {
      take = forward(firstRandom.map((column) => krylovReach(space, startVectors, column).direction));
    } else if (isFound && probation > 0 && space.open > 0) {
      probation--;
      // What the Krylov space of the random block lacks, apart from all that was there before it joined.
      const joined = late?.[0];
      take =
        late === undefined || joined === undefined
          ? forwardLast(Math.min(blockSize, space.open))
          : forward(late.map((column) => krylovReach(space, joined, column).direction));
    } else if (isFound || space.open === 0) {
      take = forwardRandom();
    } else if (
      goal !== undefined &&
      !isInside &&
      bounds !== undefined &&
      isWithin(boundsOf(ritz, goal.m, { outside: 0 }), goal.accuracy)
    ) {
      take = forwardGradient(goal.gradient); // with it the bounds are of second order
      isInside = true;
    } else {
      // Where a top fraction is pursued, residuals count by what they contribute to its bounds.
      const watched = space.size < count || mustWatch() || goal !== undefined ? count + 1 : count;
      const open = canCertify
        ? residuals
            .slice(0, goal.m + 1)
            .map((_, j) => ({ pair: j, weight: 1 / (ritz.values[Math.min(j, goal.m - 1)]! - ritz.values[goal.m]!) }))
        : isConverged.flatMap((done, j) => (done || j >= watched ? [] : [{ pair: j, weight: 1 }]));
      const directions = open.map(({ pair, weight }) =>
        state.coupling.slice(pair * space.open, (pair + 1) * space.open).map((x) => weight * x),
      );
      take = open.length > 0 ? forward(directions) : forwardRandom();
    }
    take ||= space.open; // the random vectors depended on what is there
    if (take === 0) break;
  }

  const vectors = ritzVectors(space, state.ritz, count);
  const values = state.ritz.values.map((value) => sign * value).slice(0, count);
  let residuals: Float64Array = Float64Array.from(state.residuals.slice(0, count));
  if (settings.verify) {
    residuals = residualNorms(yield { block: vectors.slice(), columns: count }, values, vectors);
    products += count;
  }
  const unseen = assessUnseen();
  const topFraction = (m: number): EnergyBounds => {
    const evidence = evidenceOf(state.ritz, { verified: residuals });
    return isCertified
      ? energyBounds(evidence, tracker.squaredNorm, m)
      : energyBoundsAcross(evidence, tracker.squaredNorm, m, count);
  };
  return {
    dimension: n,
    ...(sign > 0 ? { values, vectors, residuals } : reversed(n, values, vectors, residuals)),
    errors: eigenvalueErrors(residuals, n, norm),
    products,
    restarts,
    randomBlocks: Math.ceil(randomVectors / blockSize),
    norm,
    residualsFrom: settings.verify ? 'products' : 'recurrence',
    stop: space.size === n ? 'whole-space' : isCertified ? 'top-fraction' : 'residual',
    ...(goal === undefined ? {} : { topFraction: topFraction(goal.m) }),
    unseen: sign > 0 ? unseen : { ...unseen, ceiling: -unseen.ceiling },
  };
}

/** The pairs in the opposite order. */
function reversed(
  n: number,
  values: Float64Array,
  vectors: Float64Array,
  residuals: Float64Array,
): Pick<BlockLanczosResult, 'values' | 'vectors' | 'residuals'> {
  const result = new Float64Array(vectors.length);
  values.forEach((_, j) => {
    result.set(vectors.subarray(j * n, (j + 1) * n), vectors.length - (j + 1) * n);
  });
  return { values: values.slice().reverse(), vectors: result, residuals: residuals.slice().reverse() };
}
