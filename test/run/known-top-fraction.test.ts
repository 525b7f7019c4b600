import { describe, expect, it } from 'vitest';
import { knownTopFraction } from '../../src/run/known-top-fraction.js';

const fraction = (lower: number, upper: number) => ({ lower, upper, gap: 1, null: 0 });

describe('knownTopFraction', () => {
  it('is the narrower of the choices at the cut and the bounds of the search', () => {
    // Measured at the first step of an MLP: the eigenvalues at the cut were not told apart when the bounds were narrow enough.
    const known = knownTopFraction({
      topFraction: fraction(0.0207, 1),
      topFractionBounds: { lower: 0.0543, upper: 0.0557 },
    });
    expect(known).toEqual({ lower: 0.0543, middle: expect.closeTo(0.055, 12) as number, upper: 0.0557 });
    expect(
      knownTopFraction({ topFraction: fraction(0.868, 0.869), topFractionBounds: { lower: 0, upper: 1 } }).upper,
    ).toBe(0.869);
    expect(knownTopFraction({ topFraction: fraction(0.5, 1), topFractionBounds: null }).middle).toBe(0.75);
  });
});
