import { describe, expect, it } from 'vitest';
import { certainTopFraction } from '../../src/run/certain-top-fraction.js';

describe('certainTopFraction', () => {
  const topFraction = { lower: 0, upper: 1, gap: 1, null: 0.1 };

  it('is the middle of the bounds of a search for f_top, whatever its eigenvectors are worth', () => {
    expect(certainTopFraction({ topFraction, topFractionBounds: { lower: 0.94, upper: 0.96 } })).toBeCloseTo(0.95, 15);
  });

  it('is the middle of the interval without them, or where they are wider', () => {
    expect(certainTopFraction({ topFraction, topFractionBounds: null })).toBe(0.5);
    const narrow = { ...topFraction, lower: 1e-5, upper: 1e-5 };
    expect(certainTopFraction({ topFraction: narrow, topFractionBounds: { lower: 0, upper: 0.3 } })).toBe(1e-5);
  });
});
