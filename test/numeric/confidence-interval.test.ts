import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { checkedTotal } from '../../src/numeric/kernels/checked-total.js';
import { sampleMean, skewInterval } from '../../src/numeric/statistics/confidence-interval.js';
import { randomStream } from '../../src/numeric/random.js';

describe('skewInterval', () => {
  it('is the symmetric one without skewness, and inverts h(z) with it', () => {
    const plain = skewInterval({ value: 3, standardError: 0.5, quantile: 2, skewness: 0 });
    expect(plain).toEqual({ value: 3, standardError: 0.5, lower: 2, upper: 4 });
    const nearly = skewInterval({ value: 3, standardError: 0.5, quantile: 2, skewness: 2e-6 });
    expect(Math.abs(nearly.lower - 2) + Math.abs(nearly.upper - 4)).toBeLessThan(1e-5);
    for (const a of [0.1, -0.7, 2]) {
      const { lower, upper } = skewInterval({ value: 3, standardError: 0.5, quantile: 2, skewness: a });
      const h = (z: number): number => z + (a * z ** 2) / 3 + (a ** 2 * z ** 3) / 27 + a / 6;
      expect(h((3 - lower) / 0.5)).toBeCloseTo(2, 12);
      expect(h((3 - upper) / 0.5)).toBeCloseTo(-2, 12);
    }
  });
});

describe('sampleMean', () => {
  it('has Student intervals for few samples, and wide ones: t = 12.706 on one degree of freedom', () => {
    const { value, standardError, lower, upper } = sampleMean([1, 3]);
    expect([value, standardError]).toEqual([2, 1]);
    expect(upper - value).toBeCloseTo(12.7062, 4);
    expect(value - lower).toBeCloseTo(12.7062, 4);
    expect(sampleMean([1, 1, 1, 1, 1, 1])).toEqual({ value: 1, standardError: 0, lower: 1, upper: 1 });
  });

  it('covers the mean of normal samples in 95 of 100 cases, and of squares of normals in more than Student would', () => {
    const trials = 3000;
    const stream = randomStream(1, 'coverage');
    const missed = { normal: 0, square: 0, student: 0 };
    for (let trial = 0; trial < trials; trial++) {
      const normals = Array.from({ length: 12 }, () => stream.normal());
      const one = sampleMean(normals);
      if (!(one.lower <= 0 && 0 <= one.upper)) missed.normal++;
      const squares = sampleMean(normals.map((x) => x ** 2));
      if (!(squares.lower <= 1 && 1 <= squares.upper)) missed.square++;
      if (Math.abs(squares.value - 1) > 2.200985 * squares.standardError) missed.student++;
    }
    expect(Math.abs(missed.normal / trials - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / trials));
    expect(missed.square).toBeLessThan(0.7 * missed.student);
  });
});

describe('checkedTotal', () => {
  it('gives shares back that add up, and throws where they do not, are negative or no numbers', () => {
    const shares = [0.25, 0.75];
    expect(checkedTotal('shares', shares, { total: 1, tolerance: 1e-12 })).toBe(shares);
    for (const wrong of [[0.25, 0.5], [1.5, -0.5], [NaN, 1], []]) {
      expect(() => checkedTotal('shares', wrong, { total: 1, tolerance: 1e-12 })).toThrow(NumericalError);
    }
  });
});
