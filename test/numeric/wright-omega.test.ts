import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrightOmega } from '../../src/numeric/quadrature/wright-omega.js';

describe('wrightOmega', () => {
  it('takes its known values', () => {
    expect(wrightOmega(1)).toBe(1);
    expect(wrightOmega(0)).toBeCloseTo(0.5671432904097838, 15); // the omega constant
    expect(wrightOmega(1 + Math.E)).toBeCloseTo(Math.E, 14);
  });

  it('solves ω + ln ω = y to rounding for y from −700 to 1e15', () => {
    const anyY = fc.oneof(
      fc.double({ min: -700, max: 50, noNaN: true }),
      fc.double({ min: 0, max: 1e15, noNaN: true }),
    );
    fc.assert(
      fc.property(anyY, (y) => {
        const omega = wrightOmega(y);
        const relative = (y - omega - Math.log(omega)) / (1 + omega);
        expect(Math.abs(relative)).toBeLessThan(4 * Number.EPSILON * Math.max(1, Math.abs(y) / (1 + omega)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is 0 where e^y underflows and y where ln y no longer matters', () => {
    expect(wrightOmega(-1000)).toBe(0);
    expect(wrightOmega(1e25)).toBe(1e25);
  });
});
