import { describe, expect, it } from 'vitest';
import { controlledMean } from '../../src/numeric/statistics/controlled-mean.js';
import { randomStream } from '../../src/numeric/random.js';
import { studentTail } from '../../src/numeric/statistics/student-t.js';

describe('controlledMean', () => {
  it('is the mean with its standard error where there are no controls', () => {
    const { mean, standardError, degreesOfFreedom } = controlledMean([])([1, 2, 4, 5]);
    expect(mean).toBe(3);
    expect(standardError).toBeCloseTo(Math.sqrt(10 / 3 / 4), 14);
    expect(degreesOfFreedom).toBe(3);
  });

  it('is exact where the controls carry all of the noise, and a control that says nothing new costs nothing', () => {
    const a = [1, -2, 4, 5, 0, -1.5];
    const b = [0.5, 2, -1, 3, 1, 7];
    const y = a.map((x, r) => 7 + 3 * x - 2 * b[r]!);
    const both = a.map((x, r) => x + b[r]!);
    for (const controls of [
      [a, b],
      [a, b, both],
    ]) {
      const { mean, standardError, degreesOfFreedom } = controlledMean(controls)(y);
      expect(mean).toBeCloseTo(7, 12);
      expect(standardError).toBeLessThan(1e-13);
      expect(degreesOfFreedom).toBe(3);
    }
  });

  it('has errors that are Student t, on one degree of freedom less for each control, and smaller by the noise that controls carry', () => {
    const [trials, R] = [4000, 9];
    const stream = randomStream(1, 'controlled mean');
    let [late, controlled, plain] = [0, 0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const draw = (): number[] => Array.from({ length: R }, () => stream.normal());
      const [a, b, rest] = [draw(), draw(), draw()];
      const y = rest.map((x, r) => 5 + 0.2 * x + a[r]! - 2 * b[r]!);
      const { mean, standardError, degreesOfFreedom } = controlledMean([a, b])(y);
      expect(degreesOfFreedom).toBe(6);
      if (studentTail((mean - 5) / standardError, 6) < 0.05) late++;
      controlled += (mean - 5) ** 2 / trials;
      plain += controlledMean([])(y).standardError ** 2 / trials;
    }
    expect(Math.abs(late / trials - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / trials));
    // 0.04 of 5.04 is left, and the fit of two slopes costs (R − 2)/(R − 4) of it.
    const ratio = controlled / plain / ((0.04 / 5.04) * ((R - 2) / (R - 4)));
    expect(Math.abs(ratio - 1)).toBeLessThan(4 * Math.sqrt(3 / trials)); // a square of a normal over its mean: variance 2, and tails
  });
});
