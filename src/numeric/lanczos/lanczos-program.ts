import { NumericalError } from '../../errors.js';
import { addCombinations } from '../kernels/add-combinations.js';
import { energyBoundsAcross } from './energy-bounds.js';
import * as krylov from './krylov-space.js';
import { assess, ritzEvidence, type Assessment } from './lanczos-assessment.js';
import { decide, type Decision } from './lanczos-decision.js';
import { checkLanczosOptions, type BlockLanczosOptions, type LanczosSettings } from './lanczos-options.js';
import { lanczosResult, type BlockLanczosResult } from './lanczos-result.js';
import type { ProductProgram } from './product-program.js';
import { projectionTracker } from './projection-tracker.js';
import { randomStream } from '../random.js';
import { lastDirections, principalDirections } from './residual-directions.js';
import { restart, ritzPairs, ritzVectors } from './ritz-pairs.js';
import { residualNorms } from './true-residuals.js';
import { drawWitness, firstWitness, nextDirections, type Witness } from './witness.js';

/** The algorithm of `blockLanczos` as a program that yields the blocks to be multiplied: assess, decide, extend, and report in the end. */
export function* lanczosProgram(n: number, options: BlockLanczosOptions): ProductProgram<BlockLanczosResult> {
  const settings = checkLanczosOptions(n, options);
  const { count, sign, blockSize, guards, goal, start } = settings;
  // A start that was found with the same seed depends on its random vectors: those of this search are others.
  const stream = randomStream(settings.seed, 'block-lanczos', ...(start.length > 0 ? [fingerprint(start)] : []));
  const space = krylov.krylovSpace(n, Math.min(n, settings.basis + start.length / n + guards));
  const tracker = projectionTracker(n, goal?.gradient);
  let room = Math.min(n, settings.basis);
  let [products, restarts, norm, rounding, checkAt] = [0, 0, 0, 0, 0];
  let [isRoundingKnown, isGradientInside] = [false, false];

  const multiplied = function* (block: Float64Array, columns: number, again = false): ProductProgram<Float64Array> {
    const moved = yield { block, columns, again };
    products += columns;
    return sign > 0 ? moved : moved.map((x) => -x);
  };

  // The first random vectors are a witness of what lies behind the start, which they do not depend on.
  const startVectors = krylov.addOpen(space, start);
  krylov.enlarge(space, Math.min(n, room + space.open + guards));
  const random = new Float64Array(n * Math.min(guards, n - space.open)).map(() => stream.normal());
  let witness: Witness | undefined = firstWitness(startVectors, krylov.addOpen(space, random));
  let [witnesses, drawnAt, followed] = [1, startVectors || 40, space.open - startVectors];

  /** Brings the principal ones of some directions in R to the front, at most as many as a block. */
  const forward = (directions: readonly Float64Array[], most: number): number => {
    const wanted = Math.min(directions.length, most, space.open);
    if (wanted < space.open) krylov.bringForward(space, principalDirections(directions, space.open, wanted), wanted);
    return wanted;
  };
  /** Prepares R for a decision, and says how many of its vectors are multiplied next. */
  const prepare = (decision: Decision, { coupling, ritz, testimony }: Assessment): number => {
    if (decision.kind === 'draw-witness') {
      const vectors = Math.min(2 ** (witnesses - 1), 16);
      witness = drawWitness(space, ritz.vectors.slice(0, decision.known * space.size), vectors, stream);
      [witnesses, drawnAt, followed] = [witnesses + 1, Math.max(products, 40), 0];
      room = Math.max(room, Math.min(n, space.size + Math.ceil(settings.effort * drawnAt), roomFor(n)));
      followed = witness?.starts.length ?? 0;
      return followed;
    }
    if (decision.kind === 'add-gradient') {
      isGradientInside = true;
      krylov.enlarge(space, space.size + space.open + 1);
      const added = krylov.addOpen(space, goal!.gradient);
      if (added > 0) krylov.bringForward(space, lastDirections(space.open, added), added);
      return added;
    }
    if (decision.kind === 'follow-witness') return followWitness(testimony!.directions);
    if (decision.kind !== 'reduce-residuals') return 0;
    const { open } = space;
    const directions = decision.pairs.map(({ pair, weight }) =>
      coupling.slice(pair * open, (pair + 1) * open).map((x) => weight * x),
    );
    return forward(directions, blockSize);
  };
  const followWitness = (directions: readonly Float64Array[]): number => {
    const lacking = directions.filter((direction) => direction.some((x) => x !== 0));
    const taken = forward(lacking, lacking.length);
    followed += taken;
    return taken;
  };

  let take = space.open;
  let assessment: Assessment;
  let decision: Decision | undefined;
  let stop: BlockLanczosResult['stop'] = 'whole-space'; // where nothing is left to multiply
  for (;;) {
    if (space.size + take > room) {
      const ritz = ritzPairs(space);
      const keep = Math.min(Math.max(count + 2 * blockSize, Math.floor(room / 2)), room - take);
      restart(space, ritz, keep);
      tracker.restart(ritz, keep);
      witness = undefined; // its Krylov space is gone
      restarts++;
    }
    krylov.absorb(space, take, yield* multiplied(space.columns.slice(space.size * n, (space.size + take) * n), take));
    tracker.extend(space);
    if (products < checkAt) {
      const following = decision?.kind === 'follow-witness' ? witness : undefined;
      take =
        following !== undefined
          ? followWitness(nextDirections(space, following))
          : space.open <= blockSize
            ? space.open
            : 0;
      if (take > 0 && space.size + take <= room) continue;
    }
    const failure = settings.failure / 2 ** witnesses; // of all witnesses together at most what is allowed
    assessment = assess({ space, tracker, witness, failure, norm, rounding }, settings);
    norm = assessment.norm;
    const next = witness?.starts.length ?? 1;
    const isFull = space.size + Math.min(blockSize, space.open) > room;
    const ledger = {
      dimension: n,
      size: space.size,
      open: space.open,
      isFull,
      products,
      drawnAt,
      followed: followed + next,
    };
    const judge = (): Decision => decide(assessment, { ...ledger, isRoundingKnown, isGradientInside }, settings);
    decision = judge();
    if (decision.kind === 'measure-rounding') {
      rounding = yield* measuredRounding(space, assessment, settings, multiplied);
      [isRoundingKnown, followed] = [true, followed + 1]; // of the products that look for what is wrong
      assessment = assess({ space, tracker, witness, failure, norm, rounding }, settings);
      decision = judge();
    }
    if (decision.kind === 'stop') {
      stop = decision.reason;
      break;
    }
    if (decision.kind === 'fail') {
      throw new NumericalError(
        `block Lanczos used ${products} products and the worst of ${count} residuals is ${decision.worst}, above ${assessment.converged}; ` +
          'allow more (maxProducts), ask for fewer pairs, or raise the tolerance',
      );
    }
    checkAt = products + skipped(assessment, settings, space.size);
    take = prepare(decision, assessment) || Math.min(blockSize, space.open);
    if (take === 0) break;
  }

  const vectors = ritzVectors(space, assessment.ritz, count);
  const values = assessment.ritz.values.slice(0, count);
  let residuals: Float64Array = Float64Array.from(assessment.residuals.slice(0, count));
  if (settings.verify) residuals = residualNorms(yield* multiplied(vectors.slice(), count), values, vectors);
  const { ritz, coupling, ceilings } = assessment;
  const verified = assessment.residuals.map((r, i) => Math.max(r, residuals[i] ?? 0));
  const evidence = ritzEvidence({ space, tracker }, settings, {
    ritz,
    coupling,
    ceilings,
    rounding: assessment.rounding,
    residuals: verified,
  });
  return lanczosResult(n, sign, {
    values,
    vectors,
    residuals,
    ceilings,
    rounding: assessment.rounding,
    products,
    restarts,
    norm,
    residualsFrom: settings.verify ? 'products' : 'recurrence',
    stop,
    witnesses,
    failure: settings.failure,
    ...(goal === undefined ? {} : { topFraction: energyBoundsAcross(evidence, tracker.squaredNorm, goal.m, count) }),
  });
}

/** Looking costs size³, a product n: how many products are spent before the next look. */
function skipped({ residuals, converged }: Assessment, { count, goal }: LanczosSettings, size: number): number {
  const worst = size < count ? Infinity : Math.max(...residuals.slice(0, count));
  const factors = Math.max(0, Math.min(5, Math.log10(worst / converged)));
  return Math.max(goal === undefined ? 2 * Math.floor(factors) : 0, Math.floor(size / 25));
}

/** A number that is another one for other vectors. */
function fingerprint(vectors: Float64Array): number {
  return vectors.reduce((sum, x, i) => sum + x * (1 + (i % 97)), 0);
}

/** Vectors of length n in 256 MB. */
function roomFor(n: number): number {
  return Math.floor(2 ** 25 / n);
}

/**
 * A bound on the rounding ‖E Y‖ of the wanted Ritz vectors: A of their sum with random signs by another route, against what A V = V T + R C
 * says of it. On average over the signs its square is ‖E Y‖_F²/count; twice the root is taken.
 */
function* measuredRounding(
  space: krylov.KrylovSpace,
  { ritz, coupling, rounding }: Assessment,
  { count, seed }: LanczosSettings,
  multiplied: (block: Float64Array, columns: number, again: boolean) => ProductProgram<Float64Array>,
): ProductProgram<number> {
  const { dimension: n, size, open, columns } = space;
  const stream = randomStream(seed, 'rounding');
  const signs = Array.from({ length: count }, () => (stream.uniform() < 0.5 ? -1 : 1) / Math.sqrt(count));
  const [x, moved] = [new Float64Array(size), new Float64Array(size + open)];
  signs.forEach((s, j) => {
    for (let i = 0; i < size; i++) {
      x[i]! += s * ritz.vectors[j * size + i]!;
      moved[i]! += s * ritz.values[j]! * ritz.vectors[j * size + i]!;
    }
    for (let i = 0; i < open; i++) moved[size + i]! += s * coupling[j * open + i]!;
  });
  const [vector, difference] = [new Float64Array(n), new Float64Array(n)];
  addCombinations(columns, size, x, vector, 1, n);
  addCombinations(
    columns,
    size + open,
    moved.map((y) => -y),
    difference,
    1,
    n,
  );
  const product = yield* multiplied(vector, 1, true);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (product[i]! + difference[i]!) ** 2;
  return Math.max(rounding, 2 * Math.sqrt(count * sum));
}
