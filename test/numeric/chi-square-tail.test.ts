import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { chiSquareTail } from '../../src/numeric/statistics/chi-square-tail.js';
import { studentTail } from '../../src/numeric/statistics/student-t.js';

describe('chiSquareTail', () => {
  it('is a finite sum for even degrees: e^{−y} Σ y^j/j!', () => {
    for (const degrees of [2, 6, 40]) {
      for (const x of [0.01, 1, 7, 30, 90, 200]) {
        let [sum, term] = [0, 1];
        for (let j = 0; j < degrees / 2; j++, term *= x / 2 / j) sum += term;
        expect(Math.abs(chiSquareTail(x, degrees) / (Math.exp(-x / 2) * sum) - 1)).toBeLessThan(1e-11);
      }
    }
  });

  it('is the tail of the normal distribution for one degree, which Student’s tends to', () => {
    // 1.959963984540054² and 3.290526731491926²
    expect(Math.abs(chiSquareTail(3.841458820694124, 1) / 0.05 - 1)).toBeLessThan(1e-11);
    expect(Math.abs(chiSquareTail(10.827566170662733, 1) / 0.001 - 1)).toBeLessThan(1e-11);
    expect(Math.abs(chiSquareTail(2, 1) / studentTail(Math.SQRT2, 1_000_000) - 1)).toBeLessThan(1e-5);
  });

  it('goes from ν to ν + 2 by one term, whole or not', () => {
    for (const degrees of [0.7, 3.3, 18.5, 101.2]) {
      for (const x of [degrees, 1.5 * degrees]) {
        const logTerm = (degrees / 2) * Math.log(x / 2) - x / 2;
        const gamma = Math.exp(logTerm) / (chiSquareTail(x, degrees + 2) - chiSquareTail(x, degrees)); // Γ(ν/2 + 1)
        const other = x * 1.1;
        const same =
          Math.exp((degrees / 2) * Math.log(other / 2) - other / 2) /
          (chiSquareTail(other, degrees + 2) - chiSquareTail(other, degrees));
        expect(Math.abs(gamma / same - 1)).toBeLessThan(1e-8);
      }
    }
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(() => chiSquareTail(1, 0)).toThrow(UsageError);
    expect(() => chiSquareTail(-1, 1)).toThrow(UsageError);
  });
});
