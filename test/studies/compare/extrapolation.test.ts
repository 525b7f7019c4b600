import { describe, expect, it } from 'vitest';
import { extrapolate } from '../../../src/studies/compare/extrapolation.js';
import { timeGrid } from '../../../src/studies/compare/time-grid.js';
import { NumericalError, UsageError } from '../../../src/errors.js';

describe('extrapolate', () => {
  it('is exact for polynomials of degree below the number of rungs, and not beyond', () => {
    const quadratic = (h: number): number => 3 - 2 * h + 5 * h ** 2;
    const { value, orders } = extrapolate([quadratic(0.1), quadratic(0.2), quadratic(0.4)]);
    expect(value).toBeCloseTo(3, 13);
    expect(orders).toHaveLength(3);
    expect(orders[1]! - 3).toBeCloseTo(-2 * 5 * 0.1 ** 2, 13); // what Richardson leaves of h²
    expect(Math.abs(extrapolate([0.1, 0.2, 0.4].map((h) => h ** 3)).value)).toBeGreaterThan(1e-3);
  });

  it('refuses values that are not finite', () => {
    expect(() => extrapolate([1, NaN, 2])).toThrow(NumericalError);
  });
});

describe('timeGrid', () => {
  it('meets every time on every rung, with steps that double', () => {
    const times = [0.3, 1, 7.25];
    const { finestSteps, rate } = timeGrid(times, 0.5, 3);
    for (const rung of [0, 1, 2]) {
      let [t, reached] = [0, 0];
      for (let step = 0; step < finestSteps.at(-1)! / 2 ** rung; step++) {
        t += rate(rung, step);
        if ((step + 1) * 2 ** rung === finestSteps[reached]) expect(t).toBeCloseTo(times[reached++]!, 12);
      }
      expect(reached).toBe(times.length);
      expect(rate(rung, 0)).toBeCloseTo(2 ** rung * rate(0, 0), 14);
      expect(rate(2, 0)).toBeLessThanOrEqual(0.5);
    }
  });

  it.each([[[]], [[0]], [[2, 1]]])('refuses the times %j', (times) => {
    expect(() => timeGrid(times, 0.5, 3)).toThrow(UsageError);
  });
});
