import { describe, expect, it } from 'vitest';
import { lognormalLaplace } from '../../src/numeric/quadrature/lognormal-laplace.js';

/** The same averages by a fine midpoint sum around the maximum, in logarithms. */
function reference(a: number, t: number, logWeight: (x: number) => number) {
  const exponent = (eta: number): number => -(eta ** 2) / 2 + logWeight(t + a * eta);
  const scan = Array.from({ length: 40_001 }, (_, i) => -200 + i / 100);
  const top = scan.reduce((best, eta) => (exponent(eta) > exponent(best) ? eta : best), 0);
  const step = Math.min(2e-3, 0.02 / Math.max(1, a));
  let [sum, first, second] = [0, 0, 0];
  for (let eta = top - 12; eta < top + 12; eta += step) {
    const weight = Math.exp(exponent(eta) - exponent(top));
    sum += weight;
    first += weight * (eta - top);
    second += weight * (eta - top) ** 2;
  }
  const shift = first / sum;
  return {
    log: exponent(top) + Math.log((sum * step) / Math.sqrt(2 * Math.PI)),
    mean: top + shift,
    variance: second / sum - shift ** 2,
  };
}

const cases = [0.01, 0.3, 1, 1.9, 2.1, 5, 20, 100].flatMap((a) =>
  [-30, -5, -1, 0, 1, 2, -a, a, -3 * a, (a * a) / 4].map((t) => [a, t] as const),
);

describe('lognormalLaplace', () => {
  it.each(cases)('agrees with a fine sum at a = %f, t = %f', (a, t) => {
    const { log, mean, variance } = reference(a, t, (x) => -Math.exp(x));
    const found = lognormalLaplace(a, 15).at(t);
    const scale = Math.max(1, Math.abs(log));
    expect(Math.abs(found.logWeight - log) / scale).toBeLessThan(1e-12);
    expect(Math.abs(found.mean - mean)).toBeLessThan(1e-11 * Math.max(1, Math.abs(mean)));
    expect(Math.abs(found.variance - variance)).toBeLessThan(1e-11);
  });

  it.each(cases)('has a complement of the same relative accuracy at a = %f, t = %f', (a, t) => {
    const log1mexp = (x: number): number => Math.log(-Math.expm1(-Math.exp(x)));
    const { log } = reference(a, t, (x) => (x < -700 ? x : log1mexp(x)));
    expect(Math.abs(lognormalLaplace(a, 15).logComplement(t) - log)).toBeLessThan(1e-11 * Math.max(1, Math.abs(log)));
  });

  it.each([0, 1e-16, 1e-12, 1e-8, 1e-4])('has derivatives, and log Ψ, of full relative accuracy for a = %d', (a) => {
    // To first order in a² log Ψ = −z + a² (z² − z)/2, z = e^t; its derivatives by z d/dz.
    for (const t of [-30, -12, -3, 0]) {
      const z = Math.exp(t);
      const { slope, curvature } = lognormalLaplace(a, 15).at(t);
      const rounding = 1e-14 + a ** 4;
      expect(Math.abs(slope / (-z + (a ** 2 * (2 * z ** 2 - z)) / 2) - 1)).toBeLessThan(rounding);
      expect(Math.abs(curvature / (z - (a ** 2 * (4 * z ** 2 - z)) / 2) - 1)).toBeLessThan(rounding);
      const { logWeight, logComplement } = lognormalLaplace(a, 15);
      expect(Math.abs(logWeight(t) / (-z + (a ** 2 * (z ** 2 - z)) / 2) - 1)).toBeLessThan(rounding);
      expect(logComplement(t)).toBeCloseTo(Math.log(-Math.expm1(-z)), 7);
    }
  });

  it('is exp(−e^t) without noise', () => {
    const { at, logComplement, rawMoment } = lognormalLaplace(0, 15);
    expect(at(0.7)).toEqual({
      logWeight: -Math.exp(0.7),
      mean: 0,
      variance: 1,
      slope: -Math.exp(0.7),
      curvature: Math.exp(0.7),
    });
    expect(logComplement(-50)).toBeCloseTo(-50, 12);
    expect([0, 1, 2, 3, 4].map((m) => rawMoment(0, 0, m))).toEqual([1, 0, 1, 0, 3]);
  });

  it('gives raw moments that match mean and variance', () => {
    for (const a of [0.4, 3, 30]) {
      const law = lognormalLaplace(a, 15);
      for (const t of [-2 * a, 0, a]) {
        const { mean, variance } = law.at(t);
        expect(law.rawMoment(t, 0.5, 1)).toBeCloseTo(0.5 + mean, 11);
        expect(law.rawMoment(t, 0, 2)).toBeCloseTo(mean ** 2 + variance, 10);
      }
    }
  });
});
