import { describe, expect, it } from 'vitest';
import { norm } from '../../src/numeric/kernels/norm.js';
import { unitFactor, unitScaled } from '../../src/numeric/kernels/unit-scale.js';
import { gradientHessianOverlap, topFraction, updateSpectrum, type Snapshot } from '../../src/observe/index.js';

const scales = [-1070, -1000, -560, 0, 560, 1000].map((power) => 2 ** power);

describe('norm', () => {
  it('is that of the vector at any scale of doubles', () => {
    for (const scale of scales) expect(norm(Float64Array.of(3 * scale, -4 * scale)) / scale).toBe(5);
    expect(norm(Float64Array.of(Number.MIN_VALUE))).toBe(Number.MIN_VALUE);
    expect(norm(Float64Array.of(1.5e308, 0))).toBe(1.5e308);
    expect(norm(new Float64Array(3))).toBe(0);
    expect(norm(Float64Array.of(1, NaN))).toBeNaN();
    expect(norm(Float64Array.of(1, -Infinity))).toBeNaN();
  });

  it('scales by powers of two, so exactly', () => {
    for (const scale of scales) {
      const x = Float64Array.of(3 * scale, -5 * scale);
      const scaled = unitScaled(x);
      expect(scaled[1]! / scaled[0]!).toBe(-5 / 3);
      expect(Number.isInteger(Math.log2(unitFactor(x)))).toBe(true);
      if (Math.abs(Math.log2(scale)) > 1020) continue; // factors end at 2^±1022
      expect(Math.abs(scaled[1]!)).toBeLessThan(2);
      expect(Math.abs(scaled[1]!)).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('observables of a direction', () => {
  it.each(scales)('do not depend on its length, here %d', (scale) => {
    const gradient = Float64Array.of(2 * scale, scale, 0);
    const snapshot: Snapshot = {
      time: 0,
      loss: 0,
      parameters: 3,
      gradient,
      hessian: { dimension: 3, apply: (x) => x.map((entry, i) => entry * (3 - i)) },
      spectrum: {
        dimension: 3,
        levels: [3, 2, 1].map((value) => ({ value, multiplicity: 1, error: 0 })),
        remainder: 'null',
        energy: (level, x) => x[level]! ** 2,
        basis: (level) => Float64Array.from({ length: 3 }, (_, i) => (i === level ? 1 : 0)),
      },
      origin: 'exact',
    };
    expect(topFraction(snapshot, 1)).toMatchObject({ lower: 0.8, upper: 0.8 });
    expect(gradientHessianOverlap(snapshot)).toBeCloseTo(14 / Math.sqrt(5 * 40), 14);
    const { relativeGaps } = updateSpectrum([gradient, Float64Array.of(0, 0, scale)]);
    expect(relativeGaps[0]).toBeCloseTo(1 - 1 / Math.sqrt(5), 14);
  });
});
