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
