import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketedRoot } from '../../src/numeric/quadrature/bracketed-root.js';

describe('bracketedRoot', () => {
  it('finds the root of a monotone function to rounding, wherever it lies in the bracket', () => {
    fc.assert(
      fc.property(fc.double({ min: -300, max: 0, noNaN: true }), (exponent) => {
        const root = 10 ** exponent;
        expect(Math.abs(bracketedRoot((x) => Math.cbrt(x - root), 0, 2) / root - 1)).toBeLessThan(4 * Number.EPSILON);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('needs few evaluations for a smooth function', () => {
    let evaluations = 0;
    const f = (x: number): number => (evaluations++, Math.exp(x) - 2);
    expect(bracketedRoot(f, 0, 5)).toBeCloseTo(Math.LN2, 15);
    expect(evaluations).toBeLessThan(15);
  });

  it('returns an end of the bracket that is a root', () => {
    expect(bracketedRoot((x) => x, 0, 1)).toBe(0);
    expect(bracketedRoot((x) => x - 1, 0, 1)).toBe(1);
  });

  it('refuses a bracket without a sign change', () => {
    expect(() => bracketedRoot((x) => x * x + 1, -1, 1)).toThrow(/no sign change on \[-1, 1\]/);
    expect(() => bracketedRoot(() => NaN, -1, 1)).toThrow(/no sign change/);
  });
});
