import { describe, expect, it } from 'vitest';
import { knownTopFraction } from '../../src/train/known-top-fraction.js';

const fraction = (lower: number, upper: number) => ({ lower, upper, gap: 1, null: 0 });

describe('knownTopFraction', () => {
  it('is what the bounds allow, however well the eigenvalues at the cut are told apart', () => {
    // Measured at the first step of an MLP: the eigenvalues at the cut were not told apart when the bounds were narrow enough.
    const known = knownTopFraction({
      topFraction: fraction(0.0207, 1),
      topFractionBounds: { lower: 0.0543, upper: 0.0557 },
    });
    expect(known).toEqual({ lower: 0.0543, middle: expect.closeTo(0.055, 12) as number, upper: 0.0557 });
    // Rough eigenvectors of well separated eigenvalues.
    const rough = { topFraction: fraction(0.868, 0.868), topFractionBounds: { lower: 0.85, upper: 0.89 } };
    expect(knownTopFraction(rough)).toMatchObject({ lower: 0.85, upper: 0.89 });
  });

  it('is the range over all choices of eigenvectors where no bounds were asked for', () => {
    expect(knownTopFraction({ topFraction: fraction(0.5, 1), topFractionBounds: null }).middle).toBe(0.75);
  });
});
