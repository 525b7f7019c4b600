import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/numeric/random.js';
import { meanCosine } from '../../src/observe/mean-cosine.js';
import { spanFraction, spanOf } from '../../src/observe/span-fraction.js';

const gaussian = (n: number, ...path: number[]): Float64Array => {
  const stream = randomStream(5, ...path);
  return Float64Array.from({ length: n }, () => stream.normal());
};

describe('spanFraction', () => {
  it('is W/D on average for i.i.d. Gaussian vectors, with the spread of a Beta law', () => {
    const [W, D, count] = [5, 40, 400];
    const shares = Array.from({ length: count }, (_, i) =>
      spanFraction(gaussian(D, i, 0), spanOf(Array.from({ length: W }, (__, w) => gaussian(D, i, w + 1)))),
    );
    const mean = shares.reduce((sum, x) => sum + x / count, 0);
    const variance = shares.reduce((sum, x) => sum + (x - mean) ** 2 / (count - 1), 0);
    const expected = ((W / D) * (1 - W / D)) / (D / 2 + 1);
    expect(Math.abs(mean - W / D)).toBeLessThan(4 * Math.sqrt(expected / count));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.4);
  });

  it('is that of vectors not orthogonal, 1 inside and 0 outside, and does not count what depends on others', () => {
    const span = spanOf([
      Float64Array.of(1, 1, 0),
      Float64Array.of(1, 0, 0),
      Float64Array.of(3, -2, 0),
      new Float64Array(3),
    ]);
    expect(span.rank).toBe(2);
    expect(spanFraction(Float64Array.of(1e-200, 0, 1e-200), span)).toBeCloseTo(0.5, 14);
    expect(spanFraction(Float64Array.of(-3, 4, 0), span)).toBeCloseTo(1, 14);
    expect(spanFraction(Float64Array.of(0, 0, 2), span)).toBe(0);
    // (1, 1) has cos² = 1/2 with (1, 0)
    expect(spanFraction(Float64Array.of(1, 1), spanOf([Float64Array.of(7, 0)]))).toBeCloseTo(0.5, 14);
  });

  it('refuses what has no direction, or other coordinates', () => {
    const span = spanOf([Float64Array.of(1, 0)]);
    expect(() => spanFraction(new Float64Array(2), span)).toThrow(/the vector is zero/);
    expect(() => spanFraction(new Float64Array(3), span)).toThrow(/the 2 coordinates of the span, received 3/);
    expect(() => spanOf([])).toThrow(/received lengths of none/);
    for (const wrong of [NaN, Infinity]) {
      expect(() => spanOf([Float64Array.of(1, 0), Float64Array.of(wrong, 1)])).toThrow(/vector 2 .* not finite/);
    }
  });
});

describe('meanCosine', () => {
  it('is 1 for one direction, 0 for orthogonal ones, −1/(N − 1) where they cancel, whatever their lengths', () => {
    const x = gaussian(9, 1);
    expect(meanCosine([x, x.map((value) => 3 * value), x.map((value) => 1e-200 * value)])).toBeCloseTo(1, 13);
    expect(meanCosine([Float64Array.of(2, 0, 0), Float64Array.of(0, 5, 0), Float64Array.of(0, 0, 1)])).toBeCloseTo(
      0,
      14,
    );
    const corners = [0, 1, 2].map((i) =>
      Float64Array.of(Math.cos((i * 2 * Math.PI) / 3), Math.sin((i * 2 * Math.PI) / 3)),
    );
    expect(meanCosine(corners)).toBeCloseTo(-1 / 2, 14);
    expect(meanCosine([Float64Array.of(1, 0), Float64Array.of(1, 1), Float64Array.of(0, 1)])).toBeCloseTo(
      Math.SQRT2 / 3,
      14,
    );
  });

  it('refuses a single vector, and one without direction', () => {
    expect(() => meanCosine([Float64Array.of(1)])).toThrow(/at least two vectors/);
    expect(() => meanCosine([Float64Array.of(1), Float64Array.of(0)])).toThrow(/has no direction/);
  });
});
