import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  marginRate,
  symmetricLevels,
  symmetricPoint,
  symmetricPointAtMargin,
} from '../../../src/exact/noiseless/symmetric.js';
import { big, preciseMargin, relativeError } from './high-precision.js';

const classes = fc.oneof(fc.integer({ min: 2, max: 20 }), fc.constantFrom(100, 999, 1000));
const time = fc.oneof(
  fc.constant(0),
  fc.double({ min: -12, max: 12, noNaN: true }).map((e) => 10 ** e),
);
const options = { seed: 20181212, numRuns: 100 };

describe('symmetricPoint', () => {
  it('gives the margins of ten classes at t = 1, 10, 1e3, 1e6', () => {
    const margins = [1, 10, 1e3, 1e6].map((t) => symmetricPoint(10, t).margin.toFixed(10));
    expect(margins).toEqual(['0.0994882756', '0.9382711701', '6.8452338110', '13.8153872119']);
  });

  it('agrees with 60-digit arithmetic to 1e-12 relative in margin, error, loss and both eigenvalues', () => {
    for (const k of [2, 3, 10, 100, 1000]) {
      for (const t of [1e-9, 1e-3, 0.5, 1, 30, 1e3, 1e6, 1e9, 1e12]) {
        const point = symmetricPoint(k, t);
        const alpha = preciseMargin(k, t, point.margin);
        const error = big(k - 1).div(alpha.exp().plus(k - 1));
        expect(relativeError(point.margin, alpha)).toBeLessThan(1e-12);
        expect(relativeError(point.error, error)).toBeLessThan(1e-12);
        const loss = big(k - 1)
          .times(alpha.neg().exp())
          .plus(1)
          .ln();
        expect(relativeError(point.loss, loss)).toBeLessThan(1e-12);
        const [first, second] = symmetricLevels(point, k);
        expect(relativeError(first!.value, error.times(big(1).minus(error)).div(k - 1))).toBeLessThan(1e-12);
        if (k > 2) expect(relativeError(second!.value, error.div(k * (k - 1)))).toBeLessThan(1e-12);
      }
    }
  });

  it('is inverted by symmetricPointAtMargin', () => {
    fc.assert(
      fc.property(classes, time, (k, t) => {
        const point = symmetricPoint(k, t);
        const back = symmetricPointAtMargin(k, point.margin);
        // dt/t = (e^α + k − 1) dα / t: a rounding of α near 30 moves t by 30 eps
        expect(Math.abs(back.time - t)).toBeLessThanOrEqual(1e-14 * t);
        expect(Math.abs(back.error / point.error - 1)).toBeLessThan(1e-14);
      }),
      options,
    );
  });

  it('has a loss and an error that fall with time and a margin that grows', () => {
    fc.assert(
      fc.property(classes, fc.double({ min: -6, max: 11, noNaN: true }), (k, exponent) => {
        const earlier = symmetricPoint(k, 10 ** exponent);
        const later = symmetricPoint(k, 1.1 * 10 ** exponent);
        expect(later.margin).toBeGreaterThan(earlier.margin);
        expect(later.loss).toBeLessThan(earlier.loss);
        expect(later.error).toBeLessThan(earlier.error);
      }),
      options,
    );
  });

  it('moves at the rate marginRate', () => {
    fc.assert(
      fc.property(classes, fc.double({ min: -3, max: 6, noNaN: true }), (k, exponent) => {
        const t = 10 ** exponent;
        const h = 1e-4 * t;
        const slope = (symmetricPoint(k, t + h).margin - symmetricPoint(k, t - h).margin) / (2 * h);
        expect(Math.abs(slope / marginRate(k, symmetricPoint(k, t).margin) - 1)).toBeLessThan(1e-6);
      }),
      options,
    );
  });

  it.each([1, 2.5, 1001, Number.NaN])('refuses %s classes', (k) => {
    expect(() => symmetricPoint(k, 1)).toThrow(/classes must be an integer from 2 to 1000/);
  });

  it.each([-1, Number.NaN, Infinity, 1e13])('refuses the time %s', (t) => {
    expect(() => symmetricPoint(10, t)).toThrow(/time must be 0 or lie between/);
  });
});

describe('symmetricLevels', () => {
  it('fills the whole parameter space and sums to the trace of H at any k and d', () => {
    fc.assert(
      fc.property(classes, time, fc.integer({ min: 0, max: 1000 }), (k, t, extra) => {
        const point = symmetricPoint(k, t);
        const levels = symmetricLevels(point, k + extra);
        expect(levels.reduce((n, level) => n + level.multiplicity, 0)).toBe(k * (k + extra));
        // Tr H = (1/k) Σ_a Σ_c p_c (1 − p_c), summed over the k inputs
        const wrong = point.error / (k - 1);
        const trace = (1 - point.error) * point.error + (k - 1) * wrong * (1 - wrong);
        const sum = levels.reduce((total, level) => total + level.value * level.multiplicity, 0);
        expect(Math.abs(sum / trace - 1)).toBeLessThan(1e-12);
      }),
      options,
    );
  });

  it('keeps λ₁/λ₂ between 1 and k', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 1000 }), time, (k, t) => {
        const [first, second] = symmetricLevels(symmetricPoint(k, t), k);
        const ratio = first!.value / second!.value;
        expect(ratio).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(ratio).toBeLessThanOrEqual(k);
      }),
      options,
    );
  });
});
