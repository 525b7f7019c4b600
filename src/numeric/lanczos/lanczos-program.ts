import { NumericalError } from '../../errors.js';
import type { Precision } from '../kernels/float-array.js';
import { absorb } from './absorb.js';
import { gradientReach } from './fraction-bounds.js';
import { assess, type Assessment } from './lanczos-assessment.js';
import { decide, decideAsKnown, type End, type Step } from './lanczos-decision.js';
import { checkLanczosOptions, isAsked, type BlockLanczosOptions, type LanczosSettings } from './lanczos-options.js';
import type { Ledger } from './lanczos-prospect.js';
import { reported } from './lanczos-report.js';
import type { BlockLanczosResult } from './lanczos-result.js';
import { beginSearch, now, signedProduct, type LanczosSearch } from './lanczos-search.js';
import { prepare, unseenStep } from './lanczos-step.js';
import { measuredRounding } from './measured-rounding.js';
import type { ProductProgram } from './product-program.js';
import { restart, ritzPairs } from './ritz-pairs.js';

/** The algorithm of `blockLanczos` as a program that yields the blocks to be multiplied: extend, assess, decide, and report in the end. */
export function* lanczosProgram(
  n: number,
  options: BlockLanczosOptions,
  precision: Precision = 'f64',
): ProductProgram<BlockLanczosResult> {
  const settings = checkLanczosOptions(n, options);
  const search = yield* beginSearch(n, settings, precision);
  let take = search.space.open;
  let [step, lookAt]: [Step | undefined, number] = [undefined, 0];
  for (;;) {
    yield* extend(search, take, settings);
    if (search.spent.products < lookAt) {
      take = yield* unseenStep(search, step, settings);
      if (take > 0) continue;
    }
    const { assessment, decision } = yield* look(search, settings);
    if (decision.kind === 'stop') return yield* reported(search, assessment, decision.reason, settings);
    if (decision.kind === 'fail') {
      throw new NumericalError(
        `block Lanczos used ${search.spent.products} products and the worst of ${settings.count} residuals is ${decision.worst}, above ${assessment.converged}; ` +
          'allow more (maxProducts), ask for fewer pairs, or raise the tolerance',
      );
    }
    step = decision;
    lookAt = search.spent.products + skipped(search, assessment, settings);
    take = yield* prepare(search, step, assessment, settings);
    if (take === 0) return yield* reported(search, assessment, 'whole-space', settings);
  }
}

/** Multiplies the first `take` vectors of R, which join V; before that V starts anew from its Ritz vectors where there is no room for them. */
function* extend(search: LanczosSearch, take: number, { count, blockSize }: LanczosSettings): ProductProgram<void> {
  const { space, tracker, room, spent } = search;
  if (space.size + take > room) {
    const reach = yield* gradientReach(search);
    search.reach = reach && { alpha: reach.alpha, beta: reach.beta };
    search.isGradientFirst = false;
    const ritz = yield* ritzPairs(space);
    const keep = Math.min(Math.max(count + 2 * blockSize, Math.floor(room / 2)), room - take);
    yield* restart(space, ritz, keep);
    tracker.restart(ritz, keep);
    search.witness = undefined;
    spent.restarts++;
  }
  const moved = yield* signedProduct(search, space.vectors.read(space.size, take), take);
  yield* absorb(space, take, moved);
  tracker.extend(space);
}

/** What is known and what is to be done; with the rounding of the products, where that has to be measured first. */
function* look(
  search: LanczosSearch,
  settings: LanczosSettings,
): ProductProgram<{
  readonly assessment: Assessment;
  readonly decision: End | Step;
}> {
  const { spent } = search;
  const ledger = ledgerOf(search, settings);
  let began = now();
  const assessment = yield* assess(search, settings);
  search.norm = assessment.norm;
  const decision = yield* decide(assessment, ledger, settings);
  spent.looking += now() - began;
  if (decision.kind !== 'measure-rounding') return { assessment, decision };
  search.rounding = (yield* measuredRounding(search, assessment, settings)) / (assessment.norm || 1);
  spent.followed++; // of the products that look for what is wrong
  began = now();
  const measured = yield* assess(search, settings);
  const known = { assessment: measured, decision: yield* decideAsKnown(measured, ledger, settings) };
  spent.looking += now() - began;
  return known;
}

function ledgerOf(search: LanczosSearch, { blockSize }: LanczosSettings): Ledger {
  const { space, witness, room, rounding } = search;
  const { dimension, size, open } = space;
  const { products, drawnAt, followed } = search.spent;
  const isFull = size + Math.min(blockSize, open) > room;
  const next = witness?.starts.length ?? 1;
  return {
    ...{ dimension, size, open, isFull, products, drawnAt },
    followed: followed + next,
    isRoundingKnown: rounding !== undefined,
  };
}

/** Looking costs size³, a product n: how many products are spent before the next look, a third of what is needed if things go on as since the last. */
function skipped(search: LanczosSearch, assessment: Assessment, settings: LanczosSettings): number {
  const { space, spent, last } = search;
  const distance = distanceOf(assessment, settings, space.size);
  search.last = { products: spent.products, distance };
  const least = Math.floor(space.size / (isAsked(settings.goal) ? 16 : 25)); // a top fraction takes more to look at
  if (last === undefined || !(distance < last.distance && last.distance < Infinity)) return least;
  const rate = Math.log(last.distance / distance) / (spent.products - last.products);
  return Math.max(least, Math.min(8, Math.floor(Math.log(Math.max(1, distance)) / rate / 3)));
}

/** How far the goal is: what is wanted is reached at 1. */
function distanceOf({ residuals, converged, fraction }: Assessment, settings: LanczosSettings, size: number): number {
  const { count, wanted, goal } = settings;
  if (size < count) return Infinity;
  if (!isAsked(goal) || fraction === undefined) return Math.max(...residuals.slice(0, wanted)) / converged;
  return (fraction.presumed.upper - fraction.presumed.lower) / (2 * goal.accuracy);
}
