import { describe, expect, it } from 'vitest';
import { boundary, linePoint, marginPoint, noisyLevels, noisySnapshot } from '../../../src/exact/noisy/index.js';
import { subspaceOverlap, topFraction } from '../../../src/observe/index.js';

describe('noisyLevels', () => {
  it('stays at 1e-10 for k = 1000, d = 10⁶, σ = 0.2 at any margin up to 2/σ²', () => {
    for (let i = 0; i <= 10; i++) {
      const { levels } = noisyLevels({ classes: 1000, dim: 1e6, noise: 0.2, margin: 5 * i });
      expect(levels.reduce((sum, { multiplicity }) => sum + multiplicity, 0)).toBe(1e9);
      expect(Math.max(...levels.map(({ relativeError }) => relativeError))).toBeLessThan(1e-10);
    }
  });

  it('bounds the difference from a computation with more digits by its error estimate', () => {
    for (const [classes, noise, margin] of [
      [4, 0.3, 5],
      [10, 0.05, 300],
      [100, 1, 1],
      [3, 5, 0.05],
    ] as const) {
      const point = { classes, dim: classes + 1, noise, margin };
      const rough = noisyLevels(point, { fine: 9, coarse: 7 });
      const exact = noisyLevels(point);
      for (const level of rough.levels) {
        const better = exact.levels.find(({ sector }) => sector === level.sector)!;
        const error = Math.abs(level.ratio - better.ratio);
        expect(error).toBeLessThanOrEqual(level.ratio * level.ratioError);
      }
    }
  });

  it('keeps ratios where the levels themselves underflow', () => {
    const { levels, logUnit } = noisyLevels({ classes: 4, dim: 5, noise: 0.01, margin: 2500 });
    expect(logUnit).toBeLessThan(-1800);
    const ratio = (sector: string): number => levels.find((level) => level.sector === sector)!.ratio;
    // ℓ/2 + σ² with ℓ = (1 − 2c)² and 1/k at c = 1/4
    expect(ratio('trivial')).toBeCloseTo(0.125 + 1e-4, 12);
    expect(ratio('antisymmetric')).toBeCloseTo(0.125 + 1e-4, 12);
    expect(ratio('bulk')).toBe(1e-4);
  });

  it('adds one standard level with biases, whose block interlaces', () => {
    const point = { classes: 5, dim: 7, noise: 0.4, margin: 2 };
    const plain = noisyLevels(point).levels;
    const biased = noisyLevels({ ...point, bias: true }).levels;
    const value = (list: typeof plain, sector: string): number => list.find((l) => l.sector === sector)!.value;
    expect(biased.reduce((sum, { multiplicity }) => sum + multiplicity, 0)).toBe(5 * 8);
    expect(value(biased, 'standard+')).toBeGreaterThan(value(plain, 'standard+'));
    expect(value(biased, 'standard0')).toBeLessThan(value(plain, 'standard+'));
    expect(value(biased, 'standard0')).toBeGreaterThan(value(plain, 'standard-'));
    expect(value(biased, 'standard-')).toBeLessThan(value(plain, 'standard-'));
  });

  it('refuses what is outside the model', () => {
    const point = { classes: 4, dim: 5, noise: 0.3, margin: 1 };
    expect(() => noisyLevels({ ...point, dim: 3 })).toThrow(/dim must be an integer/);
    expect(() => noisyLevels({ ...point, correlation: -0.4 })).toThrow(/correlation/);
    expect(() => noisyLevels({ ...point, noise: NaN })).toThrow(/noise/);
    expect(() => noisyLevels({ ...point, classes: 1 })).toThrow(/classes/);
  });
});

describe('noisySnapshot', () => {
  it('has eigenvectors on demand: orthonormal, as many as the multiplicity, mapped to λ times themselves', () => {
    for (const correlation of [0, -0.25, 0.4]) {
      const { spectrum, hessian } = noisySnapshot({ classes: 5, dim: 6, noise: 0.4, margin: 2, correlation });
      spectrum.levels.forEach((level, i) => {
        let basis: Float64Array;
        try {
          basis = spectrum.basis(i);
        } catch (error) {
          expect((error as Error).message).toMatch(/bulk lies outside/);
          return;
        }
        const n = basis.length / 25;
        expect(n).toBe(level.multiplicity);
        const image = hessian.apply(basis, n);
        for (let j = 0; j < basis.length; j++)
          expect(Math.abs(image[j]! - level.value * basis[j]!)).toBeLessThan(1e-15);
        for (let a = 0; a < n; a++) expect(spectrum.energy(i, basis.subarray(25 * a, 25 * (a + 1)))).toBeCloseTo(1, 12);
      });
    }
  });

  it('gives f_top(k) = 1 before the boundary and 0 after, for any m an interval, and the same as the line', () => {
    const { margin } = boundary(10, 0.3);
    const before = { classes: 10, dim: 50, noise: 0.3, margin: 0.99 * margin };
    const after = { ...before, margin: 1.01 * margin };
    expect(topFraction(noisySnapshot(before), 10).lower).toBeCloseTo(1, 12);
    expect(topFraction(noisySnapshot(after), 10).upper).toBeCloseTo(0, 12);
    expect(topFraction(linePoint(before).snapshot, 10)).toMatchObject({ lower: 1, upper: 1 });
    expect(topFraction(linePoint(after).snapshot, 10)).toMatchObject({ lower: 0, upper: 0 });
    // After the crossing the gradient follows 9 standard and 36 antisymmetric eigenvectors.
    expect(topFraction(linePoint(after).snapshot, 45).upper).toBe(0);
    expect(topFraction(linePoint(after).snapshot, 46).lower).toBe(1);
    expect(topFraction(linePoint({ ...before, margin: 0 }).snapshot, 10)).toMatchObject({ lower: 0, upper: 1, gap: 0 });
    const overlap = subspaceOverlap(noisySnapshot(before), noisySnapshot({ ...before, margin: 0.5 * margin }), 10);
    expect(overlap.lower).toBeGreaterThan(0.8);
  });
});

describe('marginPoint', () => {
  it('has loss log k and error 1 − 1/k at margin 0', () => {
    for (const classes of [2, 10, 10_000]) {
      const { loss, error, marginRate } = marginPoint({ classes, noise: 0.5, margin: 0 });
      expect(loss / Math.log(classes)).toBeCloseTo(1, 12);
      expect(error).toBeCloseTo(1 - 1 / classes, 12);
      expect(marginRate * classes).toBeCloseTo(1, 11);
    }
  });

  it('loses loss at the rate −(k−1)(dα/dt)² along the flow', () => {
    for (const [classes, noise, margin] of [
      [2, 0.5, 2],
      [10, 0.3, 4],
      [100, 0.1, 30],
      [5, 2, 0.1],
    ] as const) {
      const h = 1e-4 * margin;
      const loss = (m: number): number => marginPoint({ classes, noise, margin: m }).loss;
      const slope =
        (8 * (loss(margin + h) - loss(margin - h)) - (loss(margin + 2 * h) - loss(margin - 2 * h))) / (12 * h);
      const { marginRate } = marginPoint({ classes, noise, margin });
      expect(slope / (-(classes - 1) * marginRate)).toBeCloseTo(1, 6);
    }
  });
});
