import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classClock, clockTime } from '../../../src/exact/noiseless/class-clock.js';

const ratios = fc
  .array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 })
  .map((x) => Float64Array.from(x));
const options = { seed: 20181215, numRuns: 100 };

describe('classClock', () => {
  it('inverts its own time', () => {
    fc.assert(
      fc.property(ratios, fc.double({ min: -200, max: 12, noNaN: true }), (logQ, exponent) => {
        const clock = classClock(logQ);
        const logTime = exponent * Math.LN10;
        expect(Math.abs(clock.logTime(clock.solve(10 ** exponent)) - logTime)).toBeLessThan(
          1e-13 * Math.max(1, Math.abs(logTime)),
        );
      }),
      options,
    );
  });

  it('rises with s', () => {
    fc.assert(
      fc.property(ratios, fc.double({ min: -50, max: 20, noNaN: true }), (logQ, logS) => {
        expect(clockTime(logQ, logS + 1e-6)).toBeGreaterThan(clockTime(logQ, logS));
      }),
      options,
    );
  });

  it('has the clock e^α = (1 + s)^k of the symmetric solution', () => {
    for (const k of [2, 5, 50, 1000]) {
      for (const s of [1e-6, 0.01, 0.02]) {
        const alpha = k * Math.log1p(s);
        const time = Math.expm1(alpha) + (k - 1) * alpha;
        expect(Math.abs(clockTime(new Float64Array(k - 1), Math.log(s)) / time - 1)).toBeLessThan(
          k * Number.EPSILON + 1e-13,
        ); // a product of k factors
      }
    }
  });

  it('integrates with reduced points for large k as the exact rule does', () => {
    // k = 700 uses fewer than k/2 points; 1 − π y with π = 1/2 for all: ∫₀¹ (1 − y/2)^(k−1) dy = 2 (1 − 2^−k)/k
    const k = 700;
    const time = clockTime(new Float64Array(k - 1), 0);
    const exact = k * ((k - 1) * Math.LN2 + (2 ** k - 1) / k);
    expect(Math.abs(time / exact - 1)).toBeLessThan(4 * k * Number.EPSILON); // e^{log P}, log P = 484, and k factors
  });
});
