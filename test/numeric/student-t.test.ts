import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../../src/numeric/statistics/student-t.js';

/** Γ(n/2) for a positive integer n. */
const halfGamma = (n: number): number => (n === 1 ? Math.sqrt(Math.PI) : n === 2 ? 1 : (n / 2 - 1) * halfGamma(n - 2));

describe('studentTail', () => {
  it.each([1, 2, 3, 4, 7, 10, 23])('is the integral of the density with %i degrees of freedom', (n) => {
    const density = (t: number): number =>
      (halfGamma(n + 1) / (Math.sqrt(n * Math.PI) * halfGamma(n))) * (1 + t ** 2 / n) ** (-(n + 1) / 2);
    for (const t of [0, 0.3, 1, 2.5, 6]) {
      const panels = 4000; // Simpson
      let inside = 0;
      for (let i = 0; i <= panels; i++) {
        inside += (i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2) * density((t * i) / panels) * (t / panels / 3);
      }
      expect(Math.abs(studentTail(t, n) - (1 - 2 * inside))).toBeLessThan(1e-12);
      expect(studentTail(-t, n)).toBe(studentTail(t, n));
    }
  });

  it('is Cauchy for one degree of freedom and has the quantiles of the tables', () => {
    expect(studentTail(1, 1)).toBeCloseTo(0.5, 14);
    expect(studentQuantile(0.05, 9)).toBeCloseTo(2.2621571628, 9);
    expect(studentQuantile(0.01, 30)).toBeCloseTo(2.7499956536, 9);
  });
});
