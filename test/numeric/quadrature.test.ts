import { describe, expect, it } from 'vitest';
import { NumericalError } from '../../src/errors.js';
import { chebyshevSeries } from '../../src/numeric/quadrature/chebyshev.js';
import { chiSquare } from '../../src/numeric/statistics/chi-square.js';
import { gaussHermite } from '../../src/numeric/quadrature/gauss-hermite.js';
import { logConcaveIntegrals } from '../../src/numeric/quadrature/log-concave-integral.js';
import { bestGenerator, normalLattice } from '../../src/numeric/quadrature/normal-lattice.js';
import { randomStream } from '../../src/numeric/random.js';

describe('gaussHermite', () => {
  it('integrates the moments of a normal variable exactly', () => {
    const { nodes, weights } = gaussHermite(12);
    const moment = (m: number): number => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** m, 0);
    let exact = 1;
    for (let m = 0; m <= 22; m += 2) {
      expect(moment(m) / exact).toBeCloseTo(1, 11);
      exact *= m + 1;
    }
    expect(Math.abs(moment(7))).toBeLessThan(1e-10);
    expect(nodes[0]).toBeLessThan(nodes[11]!);
  });
});

describe('logConcaveIntegrals', () => {
  it('integrates e^{Nτ − e^τ} to Γ(N), and a normal density of any scale', () => {
    for (const N of [1, 2, 7]) {
      const f = (tau: number) => ({ log: N * tau - Math.exp(tau), slope: N - Math.exp(tau), curvature: Math.exp(tau) });
      const gamma = [1, 1, 2, 6, 24, 120, 720][N - 1]!;
      expect(logConcaveIntegrals([{ at: f }], { drop: 36, scale: 1 })[0]).toBeCloseTo(Math.log(gamma), 13);
    }
    for (const [centre, s] of [
      [30, 1e-3],
      [-1e4, 200],
    ] as const) {
      const f = (x: number) => ({
        log: -(((x - centre) / s) ** 2) / 2,
        slope: -(x - centre) / s ** 2,
        curvature: s ** -2,
      });
      expect(logConcaveIntegrals([{ at: f }], { drop: 36, scale: 1 })[0]).toBeCloseTo(
        Math.log(s * Math.sqrt(2 * Math.PI)),
        12,
      );
    }
  });

  it('says so where there is no maximum', () => {
    const f = (x: number) => ({ log: x, slope: 1, curvature: 0 });
    expect(() => logConcaveIntegrals([{ at: f }], { drop: 36, scale: 1 })).toThrow(NumericalError);
  });
});

describe('chebyshevSeries', () => {
  it('gives values and derivatives of several functions, with as many points as they need', () => {
    const [wave, bell] = chebyshevSeries((x) => [Math.sin(20 * x), 1 / (1 + 25 * x * x)], -1, 2, 1e-13);
    for (const x of [-1, -0.3, 0, 0.7, 1.9, 2]) {
      expect(wave!.value(x)).toBeCloseTo(Math.sin(20 * x), 11);
      expect(wave!.derivative(x)).toBeCloseTo(20 * Math.cos(20 * x), 8);
      expect(bell!.value(x)).toBeCloseTo(1 / (1 + 25 * x * x), 11);
    }
    expect(wave!.degree).toBeGreaterThan(60);
  });

  it('refuses functions that are not smooth or not finite', () => {
    expect(() => chebyshevSeries((x) => [Math.abs(x)], -1, 1, 1e-12)).toThrow(/1025 Chebyshev points/);
    expect(() => chebyshevSeries((x) => [Math.log(x)], -1, 1, 1e-12)).toThrow(/not finite/);
  });
});

describe('chiSquare', () => {
  it.each([0, 1, 2, 5, 1000])('has mean n and variance 2n at n = %i', (n) => {
    const stream = randomStream(1, 'chi', n);
    const draws = Array.from({ length: 20_000 }, () => chiSquare(stream, n));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - n)).toBeLessThanOrEqual(5 * Math.sqrt((2 * n) / draws.length));
    expect(Math.abs(variance - 2 * n)).toBeLessThanOrEqual(0.1 * n);
  });
});

describe('normalLattice', () => {
  it('averages smooth functions of normal variables better than independent draws', () => {
    const stream = randomStream(1, 'lattice');
    const generator = bestGenerator(5, 2039, stream);
    const averages = Array.from({ length: 10 }, () => {
      const points = normalLattice(5, 2039, generator, stream);
      let sum = 0;
      for (let i = 0; i < 2039; i++) sum += Math.cos(points.subarray(5 * i, 5 * i + 5).reduce((s, x) => s + x, 0) / 2);
      return sum / 2039;
    });
    const exact = Math.exp(-5 / 8);
    const rms = Math.sqrt(averages.reduce((sum, x) => sum + (x - exact) ** 2, 0) / 10);
    const independent = Math.sqrt((1 + Math.exp(-5 / 2)) / 2 - exact ** 2) / Math.sqrt(2039);
    expect(rms).toBeLessThan(independent / 3);
  });
});
