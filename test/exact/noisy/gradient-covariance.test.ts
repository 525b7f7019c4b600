import { describe, expect, test } from 'vitest';
import { gradientCovariance, noiselessSgdNoise, splitSectors, symmetricPointAtMargin } from '../../../src/exact.js';
import { gaussHermite } from '../../../src/numeric/quadrature/gauss-hermite.js';
import { randomStream } from '../../../src/numeric/random.js';

/** Every combination of Gauss–Hermite nodes in n dimensions. */
function* lattice(n: number, points: number): Generator<{ readonly at: readonly number[]; readonly weight: number }> {
  const { nodes, weights } = gaussHermite(points);
  const indices = new Array<number>(n).fill(0);
  for (;;) {
    yield { at: indices.map((i) => nodes[i]!), weight: indices.reduce((product, i) => product * weights[i]!, 1) };
    let axis = 0;
    for (; axis < n && indices[axis]! + 1 >= points; axis++) indices[axis] = 0;
    if (axis === n) return;
    indices[axis]!++;
  }
}

/** Var⟨X, ∇ℓ⟩ from the definition, x = μ_y + σξ in the span of the means, y = 0, 1, …; with a bias x has one more feature, 1. */
function definedVariance(
  {
    means,
    noise,
    margin,
    bias,
  }: { means: readonly (readonly number[])[]; noise: number; margin: number; bias: boolean },
  X: readonly (readonly number[])[],
  points: number,
): number {
  const k = means.length;
  const centre = means[0]!.map((_, i) => means.reduce((sum, mean) => sum + mean[i]! / k, 0));
  let [first, second] = [0, 0];
  for (const { at, weight } of lattice(k, points)) {
    for (let y = 0; y < k; y++) {
      const x = at.map((xi, i) => means[y]![i]! + noise * xi);
      const z = means.map((mean) => margin * x.reduce((sum, xi, i) => sum + xi * (mean[i]! - centre[i]!), 0));
      const largest = Math.max(...z);
      const total = z.reduce((sum, zc) => sum + Math.exp(zc - largest), 0);
      const input = bias ? [...x, 1] : x;
      const slope = X.reduce((sum, row, c) => {
        const p = Math.exp(z[c]! - largest) / total;
        return sum + (p - (c === y ? 1 : 0)) * row.reduce((dot, r, i) => dot + r * input[i]!, 0);
      }, 0);
      first += (weight / k) * slope;
      second += (weight / k) * slope ** 2;
    }
  }
  return second - first ** 2;
}

/** k means in R^k of norm 1 and inner product ρ: √(1−ρ) e_a and a common shift. */
function equiangular(k: number, rho: number): number[][] {
  const spread = Math.sqrt(1 - rho);
  const shift = (Math.sqrt(1 + (k - 1) * rho) - spread) / k;
  return Array.from({ length: k }, (_, a) => Array.from({ length: k }, (_, i) => shift + (a === i ? spread : 0)));
}

/** A random k×n matrix. */
function randomMatrix(k: number, n: number, seed: number): number[][] {
  const stream = randomStream(seed, 'test-matrix');
  return Array.from({ length: k }, () => Array.from({ length: n }, () => stream.normal()));
}

describe('the covariance of a sample’s gradient', () => {
  test.each([
    { k: 3, noise: 0.5, margin: 1.5, rho: 0, bias: false, points: 30 },
    { k: 3, noise: 0.3, margin: 4, rho: 0.3, bias: false, points: 30 },
    { k: 3, noise: 0.4, margin: 2, rho: -0.4, bias: true, points: 30 },
    { k: 2, noise: 0.7, margin: 1, rho: 0.2, bias: true, points: 40 },
    { k: 4, noise: 0.4, margin: 2, rho: 0, bias: false, points: 14 },
  ])('is its definition on a random matrix: k = $k, σ = $noise, α = $margin, ρ = $rho, bias $bias', (setting) => {
    const { k, noise, margin, rho, bias, points } = setting;
    const X = randomMatrix(k, k + Number(bias), 7);
    const defined = definedVariance({ means: equiangular(k, rho), noise, margin, bias }, X, points);

    const { levels, standard, logUnit } = gradientCovariance({
      classes: k,
      dim: k + 1,
      noise,
      margin,
      correlation: rho,
      bias,
    });
    // the axes of R^k are orthonormal features, permuted as the means are
    const parts = splitSectors(k, Float64Array.from(X.flatMap((row) => row.slice(0, k))));
    const square = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, y) => sum + y ** 2, 0);
    const c = (sector: string): number => levels.find(({ level }) => level.sector === sector)?.covariance ?? 0;
    const biasPart = X.map((row) => row[k] ?? 0);
    const centred = Float64Array.from(biasPart, (x) => x - biasPart.reduce((sum, y) => sum + y, 0) / k);
    const copies = [parts.means, ...(k > 2 ? [parts.differences] : []), ...(bias ? [centred] : [])];
    let block = 0;
    copies.forEach((v, i) => {
      copies.forEach((w, j) => {
        const dot = Array.from(v).reduce((sum, x, at) => sum + x * w[at]!, 0);
        block += Math.exp(logUnit) * standard.entries[i * standard.size + j]! * dot;
      });
    });
    const summed =
      c('trivial') * parts.trivial ** 2 +
      c('symmetric') * square(parts.symmetric) +
      c('antisymmetric') * square(parts.antisymmetric) +
      block;
    expect(summed / defined).toBeCloseTo(1, points < 20 ? 6 : 9);
  });

  test('has at k = 4, σ = 0.5, α = 2.8 the values that a dense quadrature gave', () => {
    const { levels } = gradientCovariance({ classes: 4, dim: 10, noise: 0.5, margin: 2.8 });
    const c = Object.fromEntries(levels.map(({ level, covariance }) => [level.sector, covariance]));
    expect(c.trivial).toBeCloseTo(0.0105697931, 10);
    expect(c.antisymmetric).toBeCloseTo(0.0362441338, 10);
    expect(c.symmetric).toBeCloseTo(0.0160635612, 10);
    expect(c.bulk).toBeCloseTo(0.0219579868, 10);
  });

  test.each([2, 3, 4, 10, 100, 1000])('k = %i: it is the Hessian at α*, within the estimates', (k) => {
    for (const [noise, rho, bias] of [
      [0.3, 0, false],
      [1, 0.4, true],
      [5, -1 / (k - 1), false],
    ] as const) {
      const point = { classes: k, dim: k + 2, noise, margin: 1 / noise ** 2, correlation: rho, bias };
      for (const { level, covariance, relativeError } of gradientCovariance(point).levels) {
        if (level.value === 0) continue;
        const off = Math.abs(covariance / level.value - 1);
        expect(off).toBeLessThan(1e-10);
        expect(off).toBeLessThanOrEqual(relativeError + level.relativeError);
      }
    }
  });

  test('the estimate holds and is below 1e-10 from σ = 0.05 on, standard− aside', () => {
    for (const noise of [0.05, 0.2, 1, 10]) {
      for (const relative of [0.02, 0.3, 0.6, 1.4]) {
        for (const k of [2, 7, 300]) {
          const { levels } = gradientCovariance({ classes: k, dim: k + 1, noise, margin: relative / noise ** 2 });
          for (const { level, covariance, relativeError } of levels) {
            expect(covariance).toBeGreaterThanOrEqual(0);
            if (level.sector !== 'standard-') expect(relativeError).toBeLessThan(1e-10);
          }
        }
      }
    }
  });

  test('tends to the closed form without noise', () => {
    const margin = 2;
    const point = symmetricPointAtMargin(5, margin);
    const { covariance } = noiselessSgdNoise(point, { learningRateOverBatch: 1 }, 'flow');
    const { levels } = gradientCovariance({ classes: 5, dim: 9, noise: 0.01, margin });
    for (const { level, covariance: c } of levels) {
      // the corrections are of order σ² = 1e-4, relative to the covariance of the differences
      const expected = level.sector === 'standard+' ? covariance : 0;
      expect(Math.abs(c - expected) / covariance).toBeLessThan(5e-4);
    }
  });

  test('costs the same for any k and d', () => {
    // no array of the size of k or d: a million features and ten thousand classes are as good as any
    const { levels } = gradientCovariance({ classes: 10_000, dim: 1e6, noise: 0.5, margin: 3 });
    expect(levels.map(({ level }) => level.multiplicity).reduce((sum, m) => sum + m, 0)).toBe(1e10);
  });
});
