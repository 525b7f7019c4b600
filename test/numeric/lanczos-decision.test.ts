import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/numeric/kernels/pausing.js';
import type { Assessment } from '../../src/numeric/lanczos/lanczos-assessment.js';
import { decide } from '../../src/numeric/lanczos/lanczos-decision.js';
import { checkLanczosOptions, type BlockLanczosOptions } from '../../src/numeric/lanczos/lanczos-options.js';
import type { Ledger } from '../../src/numeric/lanczos/lanczos-prospect.js';

const n = 100;
const none = new Float64Array(0);

/** Eigenvalues 5, 4, … with these residuals; converged at 0.01; a witness that says `ceilings`, and may come to say `reachable`. */
function assessment(
  residuals: readonly number[],
  said: { readonly ceilings?: readonly number[]; readonly reachable?: readonly number[]; readonly lacks?: number } = {},
): Assessment {
  const infinite = residuals.map(() => Infinity);
  const { ceilings = infinite, reachable = infinite, lacks = 1 } = said;
  return {
    ritz: { values: Float64Array.from(residuals, (_, i) => 5 - i), vectors: none },
    coupling: none,
    residuals,
    norm: 5,
    rounding: 1e-14,
    converged: 0.01,
    testimony: { ceiling: Infinity, top: 0, directions: [Float64Array.of(0, lacks)] },
    ceilings: Float64Array.from(ceilings),
    *reachable() {
      yield;
      return Float64Array.from(reachable);
    },
    fraction: undefined,
  };
}

/** Two pairs of a hundred, 50 products spent, of which 10 on a witness. */
function decided(known: Assessment, change: Partial<Ledger> = {}, options: Partial<BlockLanczosOptions> = {}) {
  const ledger: Ledger = {
    dimension: n,
    size: known.residuals.length,
    open: 2,
    isFull: false,
    products: 50,
    drawnAt: 40,
    followed: 10,
    isRoundingKnown: true,
    ...change,
  };
  return atOnce(decide(known, ledger, checkLanczosOptions(n, { count: 2, ...options })));
}

const open = assessment([0.5, 0.02, 0.3, 2]);
const rough = assessment([0, 0.03, 0.3, 2]);
const converged = { ceilings: [5, 4, 3, 2] };

describe('decide', () => {
  it('spends products on the residuals that are too large, one pair beyond those wanted included', () => {
    expect(decided(open)).toEqual({
      kind: 'reduce-residuals',
      pairs: [
        { pair: 0, weight: 1 },
        { pair: 1, weight: 1 },
        { pair: 2, weight: 1 },
      ],
    });
  });

  it('draws a witness behind what is within four times the tolerance, where the one there is cannot decide', () => {
    expect(decided(rough)).toEqual({ kind: 'draw-witness', known: 2 });
    expect(decided(rough, { followed: 41 }), 'its products are spent').toMatchObject({ kind: 'reduce-residuals' });
    expect(decided(open, { open: 0 }), 'nothing else can be multiplied').toEqual({ kind: 'draw-witness', known: 0 });
  });

  it('follows a witness that can decide, as long as it lacks something', () => {
    const says = { reachable: [5, 4, 3, 2] };
    expect(decided(assessment([0, 0.03, 0.3, 2], says))).toEqual({ kind: 'follow-witness' });
    expect(decided(assessment([0, 0.03, 0.3, 2], { ...says, lacks: 0 }))).toMatchObject({ kind: 'reduce-residuals' });
  });

  it('ends where pairs have converged and are bounded, or the witness has had its products, or all of the space is known', () => {
    const pairs = [0, 0.005, 0.3, 2];
    expect(decided(assessment(pairs, converged))).toEqual({ kind: 'stop', reason: 'residual' });
    expect(decided(assessment(pairs))).toEqual({ kind: 'draw-witness', known: 2 });
    expect(decided(assessment(pairs), { followed: 41 })).toEqual({ kind: 'stop', reason: 'residual' });
    expect(decided(open, { dimension: 4 })).toEqual({ kind: 'stop', reason: 'whole-space' });
  });

  it('fails with the worst wanted residual where products have run out, and not where pairs have converged', () => {
    expect(decided(open, {}, { maxProducts: 50 })).toEqual({ kind: 'fail', worst: 0.5 });
    expect(decided(assessment([0, 0.005, 0.3, 2]), {}, { maxProducts: 50 })).toEqual({
      kind: 'stop',
      reason: 'residual',
    });
  });

  it('measures the rounding before it ends, draws a witness or starts anew, and not before there are as many pairs as wanted', () => {
    const unknown = { isRoundingKnown: false };
    const measure = { kind: 'measure-rounding' };
    expect(decided(assessment([0, 0.005, 0.3, 2], converged), unknown)).toEqual(measure);
    expect(decided(open, unknown, { maxProducts: 50 })).toEqual(measure);
    expect(decided(rough, unknown)).toEqual(measure);
    expect(decided(open, { ...unknown, isFull: true })).toEqual(measure);
    expect(decided(open, unknown)).toMatchObject({ kind: 'reduce-residuals' });
    expect(decided(assessment([0]), { ...unknown, isFull: true })).not.toEqual(measure);
  });
});

describe('decide where a top fraction is pursued', () => {
  const gradient = new Float64Array(n).fill(1);
  type Fraction = NonNullable<Assessment['fraction']>;
  const bounds = (width: number, gap: number) => ({
    estimate: 0.5,
    lower: 0.5 - width / 2,
    upper: 0.5 + width / 2,
    gap,
  });

  /** f_top(2) to ± 1/16 from three pairs or more: known to `width`, and to `presumed` if nothing was overlooked; a finite ceiling would tell it exactly. */
  function pursuing(
    residuals: readonly number[],
    { width = 1, presumed = 1, gap = 1, lacks = 1 }: Partial<Record<'width' | 'presumed' | 'gap' | 'lacks', number>>,
    said: Parameters<typeof assessment>[1] = {},
  ): Assessment {
    const fraction: Fraction = {
      bounds: bounds(width, gap),
      presumed: bounds(presumed, gap),
      given: (ceilings) => bounds(ceilings[2]! < Infinity ? 0 : width, gap),
      direction: lacks > 0 ? Float64Array.of(lacks, 0) : undefined,
    };
    return { ...assessment(residuals, said), fraction };
  }
  const until = { topFraction: { gradient, m: 2, accuracy: 1 / 16 } };
  const next = (known: Assessment, change: Partial<Ledger> = {}, options: Partial<BlockLanczosOptions> = {}) =>
    decided(known, change, { count: 3, effort: 1, until, ...options });
  const residuals = [0.5, 0.02, 0.3, 2];
  const says = { reachable: [5, 4, 3, 2] };

  it('goes on with Lanczos of g until the fraction would be known if nothing was overlooked', () => {
    expect(next(pursuing(residuals, {}))).toEqual({ kind: 'follow-gradient' });
    expect(next(pursuing(residuals, { presumed: 0.126 }))).toEqual({ kind: 'follow-gradient' });
    expect(next(pursuing(residuals, {}, says)), 'though the witness could decide').toEqual({ kind: 'follow-gradient' });
  });

  it('reduces residuals by what they contribute where Lanczos of g has nothing left, equal values and all', () => {
    const exhausted = pursuing([0.5, 0, 0.3, 2], { lacks: 0 });
    expect(next(exhausted)).toEqual({
      kind: 'reduce-residuals',
      pairs: [
        { pair: 0, weight: 1 / 2 },
        { pair: 2, weight: 1 },
      ],
    });
    const tied = { ...exhausted, ritz: { ...exhausted.ritz, values: Float64Array.of(5, 3, 3, 1) } };
    expect(next(tied)).toMatchObject({ pairs: [{ weight: 1 / 2 }, { weight: 1 / 0.01 }] });
  });

  it('draws a witness behind all of V then, and follows it as long as it may decide', () => {
    expect(next(pursuing(residuals, { presumed: 1 / 8 }))).toEqual({ kind: 'draw-witness', known: 4 });
    expect(next(pursuing(residuals, { presumed: 1 / 8 }, says))).toEqual({ kind: 'follow-witness' });
    expect(next(pursuing(residuals, { presumed: 1 / 8 }, { ...says, lacks: 0 })), 'it lacks nothing').toEqual({
      kind: 'follow-gradient',
    });
  });

  it('measures the rounding in the end, when V has most of the pairs', () => {
    const unknown = { isRoundingKnown: false };
    expect(next(pursuing(residuals, { presumed: 1 / 8 }), unknown)).toEqual({ kind: 'draw-witness', known: 4 });
    expect(next(pursuing(residuals, { presumed: 1 / 8 }), { ...unknown, isFull: true })).toEqual({
      kind: 'measure-rounding',
    });
    expect(next(pursuing(residuals, { width: 1 / 8 }), unknown)).toEqual({ kind: 'measure-rounding' });
  });

  it('ends where the fraction is certain and there are as many pairs as wanted', () => {
    expect(next(pursuing(residuals, { width: 1 / 8 }))).toEqual({ kind: 'stop', reason: 'top-fraction' });
    expect(next(pursuing(residuals, { width: 1 / 8 }), {}, { count: 5 })).toEqual({ kind: 'follow-gradient' });
    const only = { until: { residual: 1e-3 }, fraction: { gradient, m: 2 } };
    expect(next(pursuing(residuals, { width: 1 / 8 }), {}, only), 'it is only bounded').toMatchObject({
      kind: 'reduce-residuals',
    });
  });

  it('falls back to the residuals where its gap cannot be told, or its witness has had its products', () => {
    const known = [0, 0.005, 0.008, 2];
    const told = { ceilings: [5, 4, 3, 2] };
    expect(next(pursuing(known, { gap: 0.011 }, told))).toEqual({ kind: 'follow-gradient' });
    expect(next(pursuing(known, { gap: 0.01 }, told))).toEqual({ kind: 'stop', reason: 'residual' });
    expect(next(pursuing([0, 0.005, 0.02, 2], { gap: 0.01 }, told)), 'a pair is open').toEqual({
      kind: 'follow-gradient',
    });
    expect(next(pursuing([1e-15, 0, 0, 2], {}, told)), 'no residual is more than rounding').toEqual({
      kind: 'stop',
      reason: 'residual',
    });
    expect(next(pursuing(residuals, {}), { followed: 41 })).toMatchObject({ kind: 'reduce-residuals' });
    expect(next(pursuing(known, {}), { followed: 41 })).toEqual({ kind: 'stop', reason: 'residual' });
    expect(next(pursuing(residuals, {}), {}, { maxProducts: 50 })).toEqual({ kind: 'fail', worst: 0.5 });
  });

  it('counts the pairs that may be spared neither among those that must converge nor those that must be bounded', () => {
    const spared = { count: 3, spare: 1 } as const;
    const known = assessment([0, 0.005, 2, 2], { ceilings: [5, 4, Infinity, Infinity] });
    expect(decided(known, {}, spared)).toEqual({ kind: 'stop', reason: 'residual' });
    expect(decided(known, {}, { count: 3 })).toMatchObject({ kind: 'reduce-residuals' });
    expect(decided(assessment([0, 0.03, 2, 2]), {}, spared)).toEqual({ kind: 'draw-witness', known: 2 });
  });
});
