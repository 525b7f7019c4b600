import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classEigenpairs } from '../../../src/exact/noiseless/class-spectrum.js';
import { exactFlow } from '../../../src/exact/noiseless/exact-flow.js';
import { classClock } from '../../../src/exact/noiseless/class-clock.js';
import { randomWeights } from '../../../src/exact/noiseless/initial-weights.js';
import { symmetricPoint } from '../../../src/exact/noiseless/symmetric.js';
import { preciseEigenvalue, preciseProbabilities, relativeError } from './high-precision.js';

const options = { seed: 20181213, numRuns: 60 };
const problem = fc.record({
  k: fc.integer({ min: 2, max: 9 }),
  scale: fc.constantFrom(1e-6, 0.01, 1, 5),
  seed: fc.nat(1e6),
  t: fc.double({ min: -6, max: 12, noNaN: true }).map((e) => 10 ** e),
});

describe('exactFlow', () => {
  it('agrees with 60-digit arithmetic to 1e-12 relative in every probability, in ε and in every eigenvalue', () => {
    fc.assert(
      fc.property(problem, ({ k, scale, seed, t }) => {
        const initial = randomWeights(k, scale, seed);
        const state = exactFlow(k, initial).at(t);
        const column = Array.from({ length: k }, (_, c) => initial[c * k]!);
        const clock = classClock(Float64Array.from(column.slice(1), (w) => w - column[0]!));
        const p = preciseProbabilities(column, t, Math.exp(clock.solve(t)));
        for (let c = 0; c < k; c++) expect(relativeError(state.probabilities[c * k]!, p[c]!)).toBeLessThan(1e-12);
        const epsilon = p.slice(1).reduce((sum, pc) => sum.plus(pc));
        expect(relativeError(state.errors[0]!, epsilon)).toBeLessThan(1e-12);
        const computed = Float64Array.from({ length: k }, (_, c) => state.probabilities[c * k]!);
        for (const { value } of classEigenpairs(computed)) {
          expect(relativeError(value, preciseEigenvalue(p, value))).toBeLessThan(1e-12);
        }
      }),
      options,
    );
  });

  it('agrees with 60-digit arithmetic for a hundred classes', () => {
    const [k, t] = [100, 1e6];
    const initial = randomWeights(k, 1, 3);
    const column = Array.from({ length: k }, (_, c) => initial[c * k]!);
    const clock = classClock(Float64Array.from(column.slice(1), (w) => w - column[0]!));
    const exact = preciseProbabilities(column, t, Math.exp(clock.solve(t)));
    const { probabilities } = exactFlow(k, initial).at(t);
    const p = Float64Array.from({ length: k }, (_, c) => probabilities[c * k]!);
    p.forEach((pc, c) => {
      expect(relativeError(pc, exact[c]!)).toBeLessThan(1e-12);
    });
    [...classEigenpairs(p)].forEach(({ value }, i) => {
      if (i % 9 === 0) expect(relativeError(value, preciseEigenvalue(exact, value))).toBeLessThan(1e-12);
    });
  });

  it('is the symmetric solution when W(0) = 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), problem, (k, { t }) => {
        const state = exactFlow(k, new Float64Array(k * k)).at(t);
        const point = symmetricPoint(k, t);
        expect(Math.abs(state.errors[k - 1]! / point.error - 1)).toBeLessThan(1e-13);
        expect(Math.abs(state.loss / point.loss - 1)).toBeLessThan(1e-13);
        expect(Math.abs(state.gradientNorm / point.gradientNorm - 1)).toBeLessThan(1e-13);
        expect(Math.abs(state.weights[0]! - state.weights[k]! - point.margin)).toBeLessThan(
          1e-13 * Math.max(1, point.margin),
        );
      }),
      options,
    );
  });

  it('starts at W(0)', () => {
    const initial = randomWeights(5, 2, 3);
    const { weights } = exactFlow(5, initial).at(0);
    initial.forEach((w, i) => {
      expect(weights[i]).toBeCloseTo(w, 14);
    });
  });

  it('composes: flowing for t and then for u is flowing for t + u', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: -3, max: 6, noNaN: true }), ({ k, scale, seed, t }, exponent) => {
        const u = 10 ** exponent;
        const flow = exactFlow(k, randomWeights(k, scale, seed));
        const once = flow.at(Math.min(t + u, 1e12));
        const twice = exactFlow(k, flow.at(Math.min(t, 1e12 - u)).weights).at(u);
        if (t + u > 1e12) return;
        once.weights.forEach((w, i) => {
          expect(Math.abs(w - twice.weights[i]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(w)));
        });
      }),
      options,
    );
  });

  it('does not see a shift of all logits of a class (gauge)', () => {
    fc.assert(
      fc.property(problem, fc.double({ min: -3, max: 3, noNaN: true }), ({ k, scale, seed, t }, shift) => {
        const initial = randomWeights(k, scale, seed);
        const shifted = initial.map((w, i) => w + shift * ((i % k) + 1));
        const state = exactFlow(k, initial).at(t);
        const other = exactFlow(k, shifted).at(t);
        state.probabilities.forEach((p, i) => {
          expect(Math.abs(other.probabilities[i]! / p - 1)).toBeLessThan(1e-12);
        });
      }),
      options,
    );
  });

  it('follows a permutation of the classes', () => {
    fc.assert(
      fc.property(problem, ({ k, scale, seed, t }) => {
        const initial = randomWeights(k, scale, seed);
        const moved = (c: number) => (c + 1) % k;
        const permuted = new Float64Array(k * k);
        for (let c = 0; c < k; c++) for (let a = 0; a < k; a++) permuted[moved(c) * k + moved(a)] = initial[c * k + a]!;
        const state = exactFlow(k, initial).at(t);
        const other = exactFlow(k, permuted).at(t);
        expect(Math.abs(other.loss / state.loss - 1)).toBeLessThan(1e-13);
        for (let a = 0; a < k; a++)
          expect(Math.abs(other.errors[moved(a)]! / state.errors[a]! - 1)).toBeLessThan(1e-12);
      }),
      options,
    );
  });

  it('has a loss that falls and a conserved sum of logits', () => {
    fc.assert(
      fc.property(problem, ({ k, scale, seed, t }) => {
        const initial = randomWeights(k, scale, seed);
        const flow = exactFlow(k, initial);
        const [now, later] = [flow.at(t), flow.at(Math.min(1.5 * t, 1e12))];
        expect(later.loss).toBeLessThanOrEqual(now.loss);
        for (let a = 0; a < k; a++) {
          let drift = 0;
          for (let c = 0; c < k; c++) drift += now.weights[c * k + a]! - initial[c * k + a]!;
          expect(Math.abs(drift)).toBeLessThan(1e-13 * k * 30);
        }
      }),
      options,
    );
  });

  it('neither fails nor overflows from huge and badly misclassified initial logits', () => {
    for (const scale of [100, 1000]) {
      for (const t of [1e-200, 1e-6, 1, 1e6, 1e12]) {
        const state = exactFlow(20, randomWeights(20, scale, 5)).at(t);
        expect([...state.weights, ...state.probabilities, state.loss].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('refuses initial weights of the wrong length or that are not finite', () => {
    expect(() => exactFlow(3, new Float64Array(8))).toThrow(/classes² = 9 numbers, received 8/);
    expect(() => exactFlow(2, Float64Array.of(1, 2, NaN, 4))).toThrow(/finite/);
  });
});
