import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../src/numeric/lanczos/block-lanczos.js';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { randomStream } from '../../src/numeric/random.js';
import { largestRitzValue, spectralCeiling, type JacobiMatrix } from '../../src/numeric/lanczos/spectral-ceiling.js';
import { hardSpectrum } from './hard-spectra.js';
import { operatorWithSpectrum } from './spectra.js';

const cases = Number(process.env.CASES ?? 120);

/** The tridiagonal matrix of Lanczos on a diagonal matrix from a random vector. */
function randomLanczos(values: Float64Array, steps: number, seed: number): JacobiMatrix {
  const n = values.length;
  const stream = randomStream(seed, 'lanczos');
  const [basis, alpha, beta]: [Float64Array[], number[], number[]] = [[], [], []];
  let v = Float64Array.from({ length: n }, () => stream.normal());
  for (let k = 0; k <= steps; k++) {
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
        v.forEach((x, i) => (v[i] = x - inner * u[i]!));
      }
    }
    const norm = Math.hypot(...v);
    if (k > 0) beta.push(norm);
    if (k === steps) break;
    const u = v.map((x) => x / norm);
    basis.push(u);
    v = u.map((x, i) => x * values[i]!);
    alpha.push(u.reduce((sum, x, i) => sum + x * v[i]!, 0));
  }
  return { alpha, beta };
}

describe('spectralCeiling', () => {
  it('is exceeded no more often than it says: one eigenvalue above a continuum, the hard case', () => {
    const n = 400;
    let [exceededAtAll, close] = [0, 0];
    for (const height of [0.05, 0.2, 0.5, 0.8]) {
      const values = Float64Array.from({ length: n }, (_, i) =>
        i === 0 ? 1 : (1 - height) * Math.cos((i * Math.PI) / n / 2),
      );
      for (const [steps, failure] of [
        [4, 0.3],
        [8, 0.3],
        [16, 0.1],
      ] as const) {
        let exceeded = 0;
        for (let seed = 0; seed < 100; seed++) {
          const ceiling = spectralCeiling(randomLanczos(values, steps, seed), n, failure);
          if (ceiling < 1 - 1e-12) exceeded++;
          else if (ceiling < 1 + height / 10) close++;
        }
        // Four standard errors of a binomial count above its mean.
        expect(exceeded).toBeLessThanOrEqual(100 * failure + 4 * Math.sqrt(100 * failure * (1 - failure)));
        exceededAtAll += exceeded;
      }
    }
    expect(exceededAtAll).toBeGreaterThan(0); // and is no idle bound
    expect(close).toBeGreaterThan(200);
  });

  it('solves Σ p_j(μ)² = 2n/(πδ²), which can be done by hand after one step', () => {
    // p_1(μ) = (μ − α)/β.
    const [alpha, beta, n, failure] = [3, 0.5, 1000, 1e-2];
    const needed = (2 * n) / (Math.PI * failure ** 2);
    expect(spectralCeiling({ alpha: [alpha], beta: [beta] }, n, failure)).toBeCloseTo(
      alpha + beta * Math.sqrt(needed - 1),
      8,
    );
    expect(spectralCeiling({ alpha: [], beta: [] }, n, failure)).toBe(Infinity);
  });

  it('comes down to the largest Ritz value where nothing is left, scales with the operator and survives 300 steps', () => {
    const exhausted = { alpha: [2, 2, 2], beta: [1, 1, 1e-300] };
    expect(largestRitzValue(exhausted)).toBeCloseTo(2 + Math.SQRT2, 14);
    expect(spectralCeiling(exhausted, 100, 1e-6)).toBeCloseTo(2 + Math.SQRT2, 14);
    const long = { alpha: new Array<number>(300).fill(0), beta: new Array<number>(300).fill(1) };
    const ceiling = spectralCeiling(long, 1e9, 1e-12);
    expect(ceiling).toBeGreaterThan(2 * Math.cos(Math.PI / 301));
    expect(ceiling).toBeLessThan(2.02);
    for (const scale of [1e-200, 1e200]) {
      const scaled = { alpha: long.alpha, beta: long.beta.map((b) => scale * b) };
      expect(spectralCeiling(scaled, 1e9, 1e-12) / scale).toBeCloseTo(ceiling, 12);
    }
  });
});

describe('what blockLanczos says of eigenvalues it did not find', () => {
  const n = 500;
  const values = Array.from({ length: n }, (_, i) => (i < 6 ? 10 - i : 1 / (1 + i / 10)));
  const operator = operatorWithSpectrum(values, 3);
  const options = { count: 6, blockSize: 2, tolerance: 1e-3, verify: false } as const;

  it('lies above the eigenvalue behind a start, good or bad, and close to it', () => {
    const { vectors } = blockLanczos(operator, options);
    for (let seed = 0; seed < 30; seed++) {
      const stream = randomStream(seed, 'noise');
      const start = vectors.map((x) => x + (seed % 3) * 0.05 * stream.normal());
      const { unseen, outer } = blockLanczos(operator, { ...options, start, guards: 1 + (seed % 8), seed, effort: 10 });
      expect(unseen).toBeGreaterThanOrEqual(values[6]!);
      expect(unseen).toBeLessThan(5);
      outer.forEach((bound, j) => {
        expect(bound).toBeGreaterThanOrEqual(values[j]! * (1 - 1e-12));
        expect(bound).toBeLessThan(values[j]! + 0.05);
      });
    }
  });

  it('is the same for the smallest of the mirrored operator', () => {
    const { unseen } = blockLanczos(operator, { ...options, tolerance: 1e-8 });
    const mirrored = operatorWithSpectrum(
      values.map((x) => -x),
      3,
    );
    expect(blockLanczos(mirrored, { ...options, tolerance: 1e-8, which: 'smallest' }).unseen).toBeCloseTo(-unseen, 10);
  });

  it('is wide where no effort is to be spent on it, and refuses what is no effort and no probability', () => {
    const cold = blockLanczos(operator, options);
    const idle = blockLanczos(operator, { ...options, start: cold.vectors, effort: 0 });
    expect(idle.unseen).toBeGreaterThan(100);
    expect(idle.products).toBeLessThan(12);
    expect(Math.min(...idle.errors)).toBeGreaterThan(1);
    expect(() => blockLanczos(operator, { ...options, effort: -1 })).toThrow(/effort must be 0 or more, received -1/);
    expect(() => blockLanczos(operator, { ...options, failure: 1 })).toThrow(/failure must lie between 0 and 1/);
  });

  it('holds behind a start that was found with the same seed, of a multiple of 1 as well', () => {
    for (const value of [0, 2]) {
      const multiple = operatorWithSpectrum(new Array<number>(40).fill(value), 1);
      const first = blockLanczos(multiple, { count: 4, effort: 0 });
      const again = blockLanczos(multiple, { count: 4, effort: 0, start: first.vectors, guards: 1 });
      expect(again.unseen).toBeGreaterThanOrEqual(value - again.rounding);
      for (const bound of again.outer) expect(bound).toBeGreaterThanOrEqual(value - again.rounding);
    }
  });

  it('measures the rounding before a restart: residuals may never fall below it', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const stream = randomStream(seed, 'rough-products');
      const exact = operatorWithSpectrum(
        Array.from({ length: 60 }, (_, i) => 1 / (1 + i)),
        seed,
      );
      const rough = {
        ...exact,
        apply: (block: Float64Array, columns: number) =>
          exact.apply(block, columns).map((x) => x + (1e-5 / Math.sqrt(60)) * stream.normal()),
        precise: (block: Float64Array, columns: number) => exact.apply(block, columns),
      };
      const { products } = blockLanczos(rough, { count: 5, blockSize: 1, basis: 12, tolerance: 1e-10, verify: false });
      expect(products).toBeLessThan(60); // without it: 2000 and no end
    }
  });

  it('notices the rounding of products that are less accurate than float64, by another route', () => {
    const single = {
      dimension: n,
      apply: (block: Float64Array, columns: number) =>
        Float64Array.from(Float32Array.from(operator.apply(block.map(Math.fround), columns))),
    };
    const rough = blockLanczos(single, { ...options, tolerance: 1e-12 });
    const exact = blockLanczos(operator, { ...options, tolerance: 1e-12 });
    const measured = blockLanczos(
      { ...single, precise: (block: Float64Array, columns: number) => operator.apply(block, columns) },
      { ...options, tolerance: 1e-12 },
    );
    for (const { rounding, errors, values: found } of [rough, measured]) {
      expect(rounding).toBeGreaterThan(1e-8);
      expect(rounding).toBeLessThan(1e-5);
      found.forEach((value, j) => {
        expect(Math.abs(value - values[j]!)).toBeLessThanOrEqual(errors[j]!);
      });
    }
    expect(exact.rounding).toBeLessThan(1e-12);
  });
});

describe('certain intervals on hard spectra', () => {
  it('hold though λ₁ is far away and the first products show the wrong pairs', () => {
    const n = 120;
    const values = [
      10,
      1.25,
      1.2,
      1.15,
      1.1,
      1.05,
      ...Array.from({ length: n - 6 }, (_, i) => 1e-3 * Math.exp(-i / 50)),
    ];
    for (let seed = 0; seed < 60; seed++) {
      const { operator, gradient, truth } = problem(values, 4, seed);
      const until = { topFraction: { gradient, m: 4, accuracy: 0.1 } };
      const { topFraction, stop } = blockLanczos(operator, { count: 5, blockSize: 1 + (seed % 4), until, seed });
      expect(topFraction!.lower).toBeLessThanOrEqual(truth + 1e-9);
      expect(topFraction!.upper).toBeGreaterThanOrEqual(truth - 1e-9);
      expect(stop).not.toBe('residual');
    }
  });

  it('hold on clustered, nearly multiple, two-scale and indefinite spectra, and every pair that is returned is one', () => {
    let certified = 0;
    for (let seed = 0; seed < cases; seed++) {
      const { values, m, count, accuracy, blockSize } = hardSpectrum(seed);
      const { operator, gradient, truth } = problem(values, m, seed);
      const until = { topFraction: { gradient, m, accuracy } };
      const result = blockLanczos(operator, { count, blockSize, tolerance: 1e-6, until, seed, verify: false });
      const name = `seed ${seed}`;
      expect(result.values).toHaveLength(count);
      for (const list of [result.values, result.vectors, result.residuals, result.errors]) {
        expect(list.every((x) => !Number.isNaN(x))).toBe(true);
      }
      const { lower, upper, estimate } = result.topFraction!;
      expect(lower, name).toBeLessThanOrEqual(truth + 1e-9);
      expect(upper, name).toBeGreaterThanOrEqual(truth - 1e-9);
      result.values.forEach((value, j) => {
        expect(values[j]!, name).toBeGreaterThanOrEqual(value - result.rounding);
        expect(values[j]!, name).toBeLessThanOrEqual(result.outer[j]!);
      });
      if (result.stop !== 'top-fraction') continue;
      certified++;
      expect(Math.max(upper - estimate, estimate - lower)).toBeLessThanOrEqual(accuracy);
    }
    expect(certified).toBeGreaterThan(cases / 3);
  });
});

function problem(values: readonly number[], m: number, seed: number) {
  const operator = operatorWithSpectrum(values, seed);
  const n = values.length;
  const stream = randomStream(seed, 'gradient');
  const gradient = Float64Array.from({ length: n }, () => 0.05 * stream.normal());
  operator.apply(gradient, 1).forEach((x, i) => (gradient[i]! += x / Math.abs(values[0]! / 20)));
  const { vectors } = denseEigen(operator);
  let truth = 0;
  for (let j = 0; j < m; j++) {
    truth += vectors.subarray(j * n, (j + 1) * n).reduce((sum, x, i) => sum + x * gradient[i]!, 0) ** 2;
  }
  return { operator, gradient, truth: truth / gradient.reduce((sum, x) => sum + x * x, 0) };
}
