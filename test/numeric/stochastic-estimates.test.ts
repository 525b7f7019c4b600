import { describe, expect, it } from 'vitest';
import { hutchPlusPlus, hutchPlusPlusAsync } from '../../src/numeric/traces/hutch-plus-plus.js';
import { densityCurve } from '../../src/numeric/traces/density-curve.js';
import {
  cumulativeDensity,
  spectralAverage,
  spectralDensity,
  spectralMoment,
} from '../../src/numeric/traces/spectral-average.js';
import {
  stochasticLanczosQuadrature,
  stochasticLanczosQuadratureAsync,
} from '../../src/numeric/traces/stochastic-lanczos-quadrature.js';
import { randomStream } from '../../src/numeric/random.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { operatorWithSpectrum } from './spectra.js';

const n = 120;
const values = Array.from({ length: n }, (_, i) => (i < 5 ? 4 - i / 2 : Math.sin(i) / 2));
const mean = (f: (x: number) => number): number => values.reduce((sum, x) => sum + f(x), 0) / n;

/**
 * z = (estimate − truth)/standard error is Student's t with ν degrees of freedom if the samples are normal: mean 0, E z² = ν/(ν−2),
 * E z⁴ = 3ν²/((ν−2)(ν−4)). Both means are to be within five of their standard errors, and a tenth for samples not quite normal.
 */
function expectStudent(z: readonly number[], degrees: number): void {
  const second = degrees / (degrees - 2);
  const fourth = (3 * degrees ** 2) / ((degrees - 2) * (degrees - 4));
  const average = z.reduce((sum, x) => sum + x, 0) / z.length;
  const square = z.reduce((sum, x) => sum + x * x, 0) / z.length;
  expect(Math.abs(average)).toBeLessThan(5 * Math.sqrt(second / z.length));
  expect(Math.abs(square - second)).toBeLessThan(5 * Math.sqrt((fourth - second ** 2) / z.length) + 0.1 * second);
}

const awaited = (operator: SymmetricOperator) => ({
  dimension: operator.dimension,
  apply: (block: Float64Array, columns: number) => Promise.resolve(operator.apply(block, columns)),
});

describe('stochasticLanczosQuadrature', () => {
  const operator = operatorWithSpectrum(values, 1);

  it('has weights that sum to 1 and, for each probe, its moments up to 2 · steps − 1', () => {
    const steps = 4;
    const { probes, products } = stochasticLanczosQuadrature(operator, { probes: 3, steps, seed: 5 });
    expect(products).toBe(12);
    probes.forEach(({ nodes, weights }, i) => {
      const stream = randomStream(5, 'quadrature', i);
      const v = Float64Array.from({ length: n }, () => stream.normal());
      const square = v.reduce((sum, x) => sum + x * x, 0);
      let power: Float64Array = v;
      for (let k = 0; k <= 2 * steps; k++) {
        const moment = v.reduce((sum, x, f) => sum + x * power[f]!, 0) / square;
        const rule = nodes.reduce((sum, x, j) => sum + weights[j]! * x ** k, 0);
        // ‖A‖ = 4: sums of n terms of size 4^k. The moment 2 · steps is the first that is not exact.
        if (k < 2 * steps) expect(Math.abs(rule - moment)).toBeLessThan(n * Number.EPSILON * 4 ** k);
        else expect(Math.abs(rule - moment)).toBeGreaterThan(1e-6);
        power = operator.apply(power, 1);
      }
    });
  });

  it('has standard errors that are right: moments and the cumulative density over 300 seeds', () => {
    const z: number[][] = [[], [], [], []];
    for (let seed = 0; seed < 300; seed++) {
      const quadrature = stochasticLanczosQuadrature(operator, { probes: 12, steps: 30, seed });
      [1, 2, 3].forEach((k, i) => {
        const { value, standardError } = spectralAverage(quadrature, (x) => x ** k);
        z[i]!.push((value - mean((x) => x ** k)) / standardError);
      });
      const { value, standardError } = cumulativeDensity(quadrature, 1); // in the gap between bulk and outliers
      z[3]!.push((value - mean((x) => (x <= 1 ? 1 : 0))) / standardError);
    }
    // The square of one normal component in few directions is skew; the mean of the second moment is not.
    for (const scores of z) {
      const late = scores.filter((x) => Math.abs(x) > 4.02).length; // two-sided 0.2 % for 11 degrees of freedom
      expect(late / scores.length).toBeLessThan(0.03);
    }
    expectStudent(z[0]!, 11);
  });

  it('has 95 % intervals of moments that miss in 5 of 100 cases, for spectra from flat to ruled by one eigenvalue', () => {
    const trials = 1000;
    const size = 100;
    const flat = Array.from({ length: size }, (_, i) => i / size);
    const ruled = Array.from({ length: size }, (_, i) => (i === 0 ? 10 : 0.1));
    const steep = Array.from({ length: size }, (_, i) => 1 / (1 + i) ** 2);
    for (const spectrum of [flat, ruled, steep]) {
      const diagonal = {
        dimension: size,
        apply: (block: Float64Array) => block.map((x, i) => x * spectrum[i % size]!),
      };
      const missed = { 1: 0, 2: 0 };
      for (let seed = 0; seed < trials; seed++) {
        const quadrature = stochasticLanczosQuadrature(diagonal, { probes: 9, steps: 5, seed });
        for (const power of [1, 2] as const) {
          const truth = spectrum.reduce((sum, x) => sum + x ** power, 0) / size;
          const { lower, upper } = spectralMoment(quadrature, power);
          if (!(lower <= truth && truth <= upper)) missed[power]++;
        }
      }
      // Three standard deviations of a count at 5 %: the second moment of `ruled` missed in 15 with Student's t alone.
      for (const count of Object.values(missed)) {
        expect(Math.abs(count / trials - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / trials));
      }
    }
    const few = stochasticLanczosQuadrature(operator, { probes: 3, steps: 4 });
    expect(() => spectralMoment(few, 3)).toThrow(/at most \(2 · steps − 1\)\/3 = 2, received 3/);
  });

  it('draws a density that integrates to 1 whatever the spread: of a multiple of 1, of nearly one, of 0, and of outliers', () => {
    const cases: (readonly number[])[] = [
      new Array<number>(40).fill(1),
      new Array<number>(40).fill(0.1 + 0.2),
      Array.from({ length: 40 }, (_, i) => 3 + i * Number.EPSILON),
      new Array<number>(40).fill(0),
      Array.from({ length: 40 }, (_, i) => 1e-100 * (1 + i)),
      Array.from({ length: 40 }, (_, i) => (i === 0 ? 1e6 : -1 / (1 + i))),
    ];
    for (const spectrum of cases) {
      const quadrature = stochasticLanczosQuadrature(operatorWithSpectrum(spectrum, 3), { probes: 6, steps: 20 });
      for (const rounding of [2 ** -24, 2 ** -53]) {
        const { width, points } = densityCurve(quadrature, { rounding });
        const integral = points.slice(1).reduce((sum, point, i) => {
          const before = points[i]!;
          return sum + ((point.value + before.value) / 2) * (point.eigenvalue - before.eigenvalue);
        }, 0);
        expect(Math.abs(integral - 1)).toBeLessThan(1e-5);
        expect(points[0]!.eigenvalue).toBeLessThan(Math.min(...spectrum));
        expect(points.at(-1)!.eigenvalue).toBeGreaterThan(Math.max(...spectrum));
        expect(width).toBeGreaterThanOrEqual(8 * rounding * Math.max(...spectrum.map(Math.abs)) * (1 - 1e-6));
        for (const { value, lower, upper } of points) {
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(value >= lower && value <= upper).toBe(true);
        }
      }
    }
  });

  it('gives the smeared density of the whole spectrum within its error bands', () => {
    const quadrature = stochasticLanczosQuadrature(operator, { probes: 40, steps: 60, seed: 3 });
    const grid = Array.from({ length: 61 }, (_, i) => -1 + i / 10);
    const width = 0.2;
    const exact = grid.map((x) =>
      mean((v) => Math.exp(-(((x - v) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI))),
    );
    const density = spectralDensity(quadrature, grid, width);
    density.forEach(({ value, standardError }, i) => {
      expect(Math.abs(value - exact[i]!)).toBeLessThan(5 * standardError + 1e-12);
    });
    const area = density.reduce((sum, { value }) => sum + value / 10, 0);
    expect(area).toBeCloseTo(1, 2);
  });

  it('is exact where the Krylov space is exhausted, whatever the number of steps', () => {
    const projector = operatorWithSpectrum([...new Array<number>(30).fill(2), ...new Array<number>(70).fill(0)], 2);
    const { probes, products } = stochasticLanczosQuadrature(projector, { probes: 4, steps: 50 });
    expect(products).toBe(8);
    for (const { nodes } of probes) {
      expect(nodes).toHaveLength(2);
      expect(nodes[0]).toBeCloseTo(2, 13);
      expect(nodes[1]).toBeCloseTo(0, 13);
    }
  });

  it('does not depend on how many probes go together, nor on whether products are awaited', async () => {
    const options = { probes: 5, steps: 10, seed: 2 };
    const one = stochasticLanczosQuadrature(operator, options);
    expect(stochasticLanczosQuadrature(operator, { ...options, together: 3 })).toEqual(one);
    expect(await stochasticLanczosQuadratureAsync(awaited(operator), options)).toEqual(one);
  });

  it('refuses counts that leave no error band, and widths that are not positive', () => {
    expect(() => stochasticLanczosQuadrature(operator, { probes: 1 })).toThrow(
      /probes must be an integer of at least 2/,
    );
    expect(() => stochasticLanczosQuadrature(operator, { steps: 0 })).toThrow(/steps must be an integer of at least 1/);
    const quadrature = stochasticLanczosQuadrature(operator, { probes: 2, steps: 2 });
    expect(() => spectralDensity(quadrature, [0], 0)).toThrow(/width must be positive/);
  });
});

describe('hutchPlusPlus', () => {
  it('is exact for an operator of low rank, and for zero', () => {
    const lowRank = operatorWithSpectrum([5, 3, 3, -2, ...new Array<number>(96).fill(0)], 1);
    const { trace, standardError, products } = hutchPlusPlus(lowRank, { products: 18 });
    expect(Math.abs(trace - 9)).toBeLessThan(100 * Number.EPSILON * 5 * 4);
    expect(standardError).toBeLessThan(100 * Number.EPSILON * 5);
    expect(products).toBe(6 + 4 + 6); // the image of six vectors has dimension four
    expect(hutchPlusPlus(operatorWithSpectrum(new Array<number>(20).fill(0), 1)).trace).toBe(0);
  });

  it('has a standard error that is right over 400 seeds', () => {
    const operator = operatorWithSpectrum(values, 4);
    const truth = n * mean((x) => x);
    const z = Array.from({ length: 400 }, (_, seed) => {
      const { trace, standardError } = hutchPlusPlus(operator, { products: 45, seed });
      return (trace - truth) / standardError;
    });
    expectStudent(z, 14);
  });

  it('beats Hutchinson with as many products where few eigenvalues carry the trace', () => {
    const decaying = operatorWithSpectrum(
      Array.from({ length: 200 }, (_, i) => 1 / (1 + i) ** 2),
      3,
    );
    const truth = Array.from({ length: 200 }, (_, i) => 1 / (1 + i) ** 2).reduce((a, b) => a + b);
    let [ours, plain] = [0, 0];
    for (let seed = 0; seed < 30; seed++) {
      ours += (hutchPlusPlus(decaying, { products: 30, seed }).trace - truth) ** 2;
      const stream = randomStream(seed, 'plain');
      const g = Float64Array.from({ length: 200 * 30 }, () => (stream.integer(2) === 0 ? -1 : 1));
      const moved = decaying.apply(g, 30);
      plain += (g.reduce((sum, x, i) => sum + x * moved[i]!, 0) / 30 - truth) ** 2;
    }
    expect(ours).toBeLessThan(plain / 10);
  });

  it('spends no more than it may, and gives the same where products are awaited', async () => {
    const operator = operatorWithSpectrum(values, 5);
    const result = hutchPlusPlus(operator, { products: 20 });
    expect(result.products).toBe(18);
    expect(operator.calls.reduce((a, b) => a + b)).toBe(18);
    expect(await hutchPlusPlusAsync(awaited(operator), { products: 20 })).toEqual(result);
    expect(() => hutchPlusPlus(operator, { products: 5 })).toThrow(/at least 6, received 5/);
  });
});
