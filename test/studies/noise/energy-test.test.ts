import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/numeric/random.js';
import { effectiveCount, energyTest } from '../../../src/studies/noise/energy-test.js';

const correlations = [0, 0.2, 0.5, 0.8];
const steps = 40;

/** x = g² of stationary Gaussian g with these correlations, times a factor each. */
function drawn(trial: number, factors: readonly number[]): number[][] {
  const stream = randomStream(5, 'energy test', trial);
  const g = correlations.map(() => stream.normal());
  return Array.from({ length: steps }, () =>
    correlations.map((rho, i) => {
      g[i] = rho * g[i]! + Math.sqrt(1 - rho ** 2) * stream.normal();
      return factors[i]! * g[i] ** 2;
    }),
  );
}

describe('energyTest', () => {
  it('counts correlated measurements for what they are worth', () => {
    expect(effectiveCount(40, 0)).toBe(40);
    expect(effectiveCount(3, 0.5)).toBeCloseTo(3 / (1 + 2 * ((2 / 3) * 0.5 + (1 / 3) * 0.25)), 14);
    expect(effectiveCount(1e5, 0.25) / 1e5).toBeCloseTo((1 - 0.25) / (1 + 0.25), 4);
  });

  it('rejects something of what is right in about 5 of 100 cases, and what is not in most', () => {
    const rejected = (factors: readonly number[]): number =>
      Array.from({ length: 300 }, (_, trial) => energyTest(drawn(trial, factors), correlations)).filter(
        (test) => test.rejected > 0,
      ).length / 300;
    const falseAlarms = rejected([1, 1, 1, 1]);
    expect(falseAlarms).toBeGreaterThan(0.01);
    expect(falseAlarms).toBeLessThan(0.09); // 3.2 standard errors above 0.05
    expect(rejected([2.5, 1, 1, 1])).toBeGreaterThan(0.9);
    expect(rejected([1, 1, 1, 0.1])).toBeGreaterThan(0.7);
  });

  it('has mean, spread and the variance of χ²₁', () => {
    const tests = Array.from({ length: 200 }, (_, trial) => energyTest(drawn(trial, [1, 1, 1, 1]), correlations));
    const average = (of: (test: (typeof tests)[0]) => number): number =>
      tests.reduce((sum, test) => sum + of(test), 0) / tests.length;
    expect(Math.abs(average((test) => test.mean) - 1)).toBeLessThan(0.04);
    expect(Math.abs(average((test) => test.relativeVariance) - 1.9)).toBeLessThan(0.2);
    // at least the spread there is, as the slowest direction stands for all
    const spread = Math.sqrt(average((test) => (test.mean - 1) ** 2));
    const stated = average((test) => test.standardError);
    expect(stated / spread).toBeGreaterThan(0.9);
    expect(stated / spread).toBeLessThan(1.6);
  });

  it('steps down: the smallest p against level/d, the next against level/(d − 1)', () => {
    const all = (x: number): number[] => Array<number>(steps).fill(x);
    const columns = [all(2), all(1.64), all(1), all(1)];
    const ratios = all(0).map((_, t) => columns.map((of) => of[t]!));
    const none = [0, 0, 0, 0];
    const { directions } = energyTest(ratios, none);
    const level = 3.5 * directions[1]!.p; // between level/4 and level/3
    expect(energyTest(ratios, none, level).directions.map(({ isRejected }) => isRejected)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(
      energyTest(
        ratios.map((row) => row.slice(1)),
        none.slice(1),
        2.9 * directions[1]!.p,
      ).rejected,
    ).toBe(0);
    expect(energyTest(ratios, none, 3.9 * directions[0]!.p).rejected).toBe(0);
  });
});
