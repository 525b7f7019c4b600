import { describe, expect, it } from 'vitest';
import { compensatedSum } from '../../src/numeric/kernels/compensated-sum.js';

describe('compensatedSum', () => {
  it('sums what plain addition loses', () => {
    const terms = [1, 1e100, 1, -1e100];
    expect(terms.reduce((sum, x) => sum + x)).toBe(0);
    expect(compensatedSum(4, (i) => terms[i]!)).toBe(2);
    expect(Math.abs(compensatedSum(1e6, () => 0.1) - 1e5)).toBeLessThan(2e-11);
  });
});
