import { describe, expect, it } from 'vitest';
import { classClock } from '../../../src/exact/noiseless/class-clock.js';
import {
  exactEigenpairs,
  exactFlow,
  exactSnapshot,
  randomWeights,
  relativeLevelError,
} from '../../../src/exact/noiseless/index.js';
import { topFraction } from '../../../src/observe/index.js';
import { big, preciseEigenvalue, preciseProbabilities, relativeError } from './high-precision.js';

type Big = ReturnType<typeof big>;

/** p of every class of inputs at t = 0, in 60 digits. */
function preciseStart(initial: Float64Array, k: number): Big[][] {
  return Array.from({ length: k }, (_, a) => {
    const weights = Array.from({ length: k }, (_, c) => big(initial[c * k + a]!).exp());
    const total = weights.reduce((sum, w) => sum.plus(w));
    return weights.map((w) => w.div(total));
  });
}

/** f_top(3) of three classes: for each S_a the two roots of λ² − (1 − Σp²) λ + 3 p₁p₂p₃, with v_c ∝ p_c/(p_c − λ). */
function preciseTopFraction(p: readonly Big[][]): number {
  const pairs = p.flatMap((pa, a) => {
    const half = pa.reduce((sum, x) => sum.minus(x.times(x)), big(1)).div(2);
    const product = pa.reduce((all, x) => all.times(x), big(3));
    const root = half.times(half).minus(product).sqrt();
    return [half.plus(root), half.minus(root)].map((value) => {
      const v = pa.map((x) => x.div(x.minus(value)));
      const along = v.reduce((sum, vc, c) => sum.plus(vc.times(pa[c]!.minus(c === a ? 1 : 0))), big(0));
      return { value, energy: along.times(along).div(v.reduce((sum, vc) => sum.plus(vc.times(vc)), big(0))) };
    });
  });
  const sum = (part: typeof pairs): Big => part.reduce((all, { energy }) => all.plus(energy), big(0));
  const ordered = pairs.sort((x, y) => y.value.comparedTo(x.value));
  return sum(ordered.slice(0, 3)).div(sum(ordered)).toNumber();
}

describe('exact f_top near ties', () => {
  it.each([1e-15, 1e-14, 1e-13, 1e-12, 1e-10, 1e-6])('holds the true value for W(0) ~ %d', (scale) => {
    let widest = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const initial = randomWeights(3, scale, seed);
      const { lower, upper } = topFraction(exactSnapshot(exactFlow(3, initial).at(0), 3), 3);
      const exact = preciseTopFraction(preciseStart(initial, 3));
      expect(exact).toBeGreaterThanOrEqual(lower - 1e-9);
      expect(exact).toBeLessThanOrEqual(upper + 1e-9);
      widest = Math.max(widest, upper - lower);
    }
    // The tilt is δ over the relative gap, δ some 1e-14, and gaps are a part of `scale`.
    expect(widest).toBeLessThanOrEqual(Math.min(1, 1e-11 / scale));
  });
});

describe('the relative error of exact levels', () => {
  it.each([1, 30, 200])('covers the true one for logits of scale %d', (scale) => {
    let worst = 0;
    for (let seed = 1; seed <= 12; seed++) {
      for (const t of [0, 1e-6, 1, 1e9]) {
        const k = 3;
        const initial = randomWeights(k, scale, seed);
        const state = exactFlow(k, initial).at(t);
        if (state.probabilities.some((p) => p < 1e-290)) continue;
        const bound = relativeLevelError(k, state.largestLog);
        const column = Array.from({ length: k }, (_, c) => initial[c * k]!);
        const clock = classClock(Float64Array.from(column.slice(1), (w) => w - column[0]!));
        const p = t === 0 ? preciseStart(initial, k)[0]! : preciseProbabilities(column, t, Math.exp(clock.solve(t)));
        p.forEach((pc, c) => {
          worst = Math.max(worst, relativeError(state.probabilities[c * k]!, pc) / bound);
        });
        for (const { classIndex, value } of exactEigenpairs(state)) {
          if (classIndex !== 0) continue;
          worst = Math.max(worst, relativeError(k * value, preciseEigenvalue(p, k * value)) / bound);
        }
      }
    }
    expect(worst).toBeLessThan(1);
    expect(worst).toBeGreaterThan(scale === 1 ? 0 : 1e-3);
  });
});
