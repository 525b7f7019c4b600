import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/numeric/random.js';
import { batchMeans } from '../../../src/numeric/statistics/batch-means.js';
import { studentQuantile } from '../../../src/numeric/statistics/student-t.js';

/** x_t = φ x_{t−1} + noise of variance 1, from its stationary distribution on: of mean 0. */
function autoregressive(phi: number, length: number, seed: number): number[] {
  const noise = randomStream(seed, 'autoregressive', length, Math.round(100 * phi));
  const values = [noise.normal() / Math.sqrt(1 - phi ** 2)];
  while (values.length < length) values.push(phi * values.at(-1)! + noise.normal());
  return values;
}

/** The standard error of its mean: Var = γ_0/n (1 + 2 Σ_{k<n} (1 − k/n) φ^k), γ_0 = 1/(1 − φ²). */
function trueError(phi: number, n: number): number {
  let sum = 1;
  for (let k = 1; k < n; k++) sum += 2 * (1 - k / n) * phi ** k;
  return Math.sqrt(sum / n / (1 - phi ** 2));
}

/** Of so many series: how often Student's interval at 95 % holds the mean, the mean of SE² over its true value, how many have no error. */
function trials(phi: number, n: number, runs = 400) {
  const errors: number[] = [];
  let covered = 0;
  for (let seed = 0; seed < runs; seed++) {
    const { mean, standardError, batches } = batchMeans(autoregressive(phi, n, seed));
    if (standardError === null) continue;
    errors.push(standardError ** 2);
    if (Math.abs(mean) <= studentQuantile(0.05, batches - 1) * standardError) covered++;
  }
  const square = errors.reduce((sum, x) => sum + x, 0) / errors.length / trueError(phi, n) ** 2;
  return { coverage: covered / errors.length, square, nulls: 1 - errors.length / runs };
}

describe('batch means', () => {
  // Four standard deviations of a share of 400 at 95 %: 0.044; SE² is too small by up to 1/6, and has about 20 batches or more, √(2/19/400) = 0.016 from run to run.
  it.each([
    [-0.5, 400],
    [0, 400],
    [0.5, 400],
    [0.8, 1000],
    [0.9, 2000],
  ])('know the error of AR(1) with φ = %d over %d steps: their intervals cover', (phi, n) => {
    const { coverage, square, nulls } = trials(phi, n);
    expect(coverage).toBeGreaterThan(0.95 - 0.044);
    expect(coverage).toBeLessThan(0.95 + 0.044);
    expect(square).toBeGreaterThan(1 - 1 / 6 - 4 * 0.016);
    expect(square).toBeLessThan(1.06 + 4 * 0.016);
    expect(nulls).toBe(0);
  });

  it('are needed: as if independent, values of φ = 0.9 seem to know their mean much better', () => {
    const [n, phi] = [2000, 0.9];
    const values = autoregressive(phi, n, 1);
    const { mean, standardError } = batchMeans(values);
    const naive = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1) / n);
    expect((standardError! / naive) ** 2).toBeGreaterThan(8);
  });

  it('say nothing of series of a few autocorrelation times', () => {
    expect(trials(0.9, 40).nulls).toBeGreaterThan(0.8);
    expect(trials(0.99, 100).nulls).toBeGreaterThan(0.8);
    expect(trials(0.9, 1000).nulls).toBeLessThan(0.05);
  });

  it('by hand: 17 values, four batches of four, the first value in none', () => {
    const batch = (y: number) => [y + 3, y - 3, y + 3, y - 3];
    const result = batchMeans([6, ...batch(2), ...batch(0), ...batch(2), ...batch(0)]);
    expect(result.mean).toBeCloseTo((6 + 4 * 4) / 17, 14);
    // Σ (y_j − 1)² = 4
    expect(result.standardError).toBeCloseTo(Math.sqrt((4 * (4 / 3)) / 17), 14);
    expect(result).toMatchObject({ count: 17, batches: 4 });
  });

  it('of values that do not change have no error, whatever their rounding', () => {
    expect(batchMeans(Array<number>(50).fill(0.1))).toMatchObject({ standardError: 0, count: 50, batches: 7 });
  });

  it('of fewer than 16 values are a mean alone', () => {
    expect(batchMeans([1, 2, 6])).toEqual({ mean: 3, standardError: null, count: 3, batches: 0 });
    expect(batchMeans(autoregressive(0, 15, 1)).standardError).toBeNull();
    expect(batchMeans([]).mean).toBeNaN();
  });
});
