import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../src/numeric/lanczos/block-lanczos.js';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { energyBounds, energyBoundsAcross } from '../../src/numeric/lanczos/energy-bounds.js';
import { randomStream } from '../../src/numeric/random.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { displacedRitz } from './displaced-ritz.js';
import { operatorWithSpectrum } from './spectra.js';

const n = 40;

/** A random spectrum: some outliers at random gaps, and a bulk of random width, of both signs. */
function randomOperator(seed: number): SymmetricOperator {
  const stream = randomStream(seed, 'spectrum');
  const width = 10 ** (-2 * stream.uniform());
  const values = Array.from({ length: n }, (_, i) =>
    i < 6 ? width + 10 ** (-3 + 3 * stream.uniform()) * (1 + i) : width * (2 * stream.uniform() - 1),
  );
  return operatorWithSpectrum(values, seed);
}

/** g that lies mostly in the top space, mostly outside, or anywhere. */
function randomVector(seed: number, top: Float64Array): Float64Array {
  const stream = randomStream(seed, 'gradient');
  const inside = 10 ** (2 - 4 * stream.uniform());
  const g = Float64Array.from({ length: n }, () => stream.normal());
  for (let i = 0; i < top.length; i++) g[i % n]! += inside * Math.sin(i + seed) * top[i]!;
  return g;
}

/** ‖P_m g‖²/‖g‖². */
const energy = (vectors: Float64Array, m: number, g: Float64Array): number => {
  const size = g.length;
  let sum = 0;
  for (let j = 0; j < m; j++) {
    let inner = 0;
    for (let f = 0; f < size; f++) inner += vectors[j * size + f]! * g[f]!;
    sum += inner ** 2;
  }
  return sum / g.reduce((s, x) => s + x * x, 0);
};

const inner = (vectors: Float64Array, j: number, g: Float64Array): number => {
  let sum = 0;
  for (let f = 0; f < n; f++) sum += vectors[j * n + f]! * g[f]!;
  return sum;
};

describe('energyBounds', () => {
  it('enclose the dense truth on 400 random operators and vectors, at any accuracy of the pairs, and say something', () => {
    let [informative, tight] = [0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const operator = randomOperator(seed);
      const exact = denseEigen(operator);
      const m = 1 + (seed % 6);
      const g = randomVector(seed, exact.vectors.subarray(0, m * n));
      const size = 10 ** (-5 * randomStream(seed, 'size').uniform());
      const { values, vectors, residuals } = displacedRitz(operator, exact.vectors, m + 2, size, seed);
      // What the bounds rest on: the eigenvalue behind the cut is not above what the Ritz pair there says.
      if (exact.values[m]! > values[m]! + residuals[m]!) continue;
      const coefficients = values.map((_, j) => inner(vectors, j, g));
      const squaredNorm = g.reduce((sum, x) => sum + x * x, 0);
      const ceilings = values.map((value, i) => value + residuals[i]!);
      const bounds = energyBounds({ values, residuals, ceilings, coefficients }, squaredNorm, m);
      const truth = energy(exact.vectors, m, g);
      expect(truth).toBeGreaterThanOrEqual(bounds.lower - 1e-12);
      expect(truth).toBeLessThanOrEqual(bounds.upper + 1e-12);
      expect(bounds.estimate).toBeCloseTo(energy(vectors, m, g), 12);
      if (bounds.upper - bounds.lower < 0.5) informative++;
      if (bounds.upper - bounds.lower < 1e-3) tight++;
    }
    expect(informative).toBeGreaterThan(150);
    expect(tight).toBeGreaterThan(50);
  });

  it('holds across near ties at the cut, where alone it says nothing', () => {
    let saved = 0;
    for (let seed = 0; seed < 300; seed++) {
      const stream = randomStream(seed, 'ties');
      const m = 2 + (seed % 4);
      const tie = 10 ** (-3 - 6 * stream.uniform());
      const values = Array.from({ length: n }, (_, i) =>
        i === m ? 7 - (m - 1) - tie : i < 8 ? 7 - i : 0.5 * stream.uniform(),
      );
      const operator = operatorWithSpectrum(values, seed);
      const exact = denseEigen(operator);
      const g = randomVector(seed, exact.vectors.subarray(0, (m + 1) * n));
      const ritz = displacedRitz(operator, exact.vectors, 8, 1e-3, seed);
      const coefficients = ritz.values.map((_, j) => inner(ritz.vectors, j, g));
      const squaredNorm = g.reduce((sum, x) => sum + x * x, 0);
      const { values: theta, residuals } = ritz;
      const evidence = { values: theta, residuals, coefficients, ceilings: exact.values };
      const alone = energyBounds(evidence, squaredNorm, m);
      const across = energyBoundsAcross(evidence, squaredNorm, m, 8);
      const truth = energy(exact.vectors, m, g);
      expect(truth).toBeGreaterThanOrEqual(across.lower - 1e-12);
      expect(truth).toBeLessThanOrEqual(across.upper + 1e-12);
      if (alone.upper - alone.lower === 1 && across.upper - across.lower < 0.5) saved++;
    }
    expect(saved).toBeGreaterThan(50);
  });

  it('is attained up to its second order in a plane', () => {
    // A = diag(1, 0), y = (cos s, sin s), g at an angle φ from y on the far side: the truth is cos²(φ + s).
    for (const s of [1e-6, 1e-4, 1e-2]) {
      for (const phi of [0.1, 0.7, 1.3]) {
        const values = [Math.cos(s) ** 2, Math.sin(s) ** 2];
        const residual = Math.cos(s) * Math.sin(s);
        const coefficients = [Math.cos(phi), Math.sin(phi)];
        const { lower, upper } = energyBounds(
          { values, residuals: [residual, 0], ceilings: values, coefficients },
          1,
          1,
        );
        const [least, most] = [Math.cos(phi + s) ** 2, Math.cos(phi - s) ** 2];
        expect(lower).toBeLessThanOrEqual(least + 1e-15);
        expect(upper).toBeGreaterThanOrEqual(most - 1e-15);
        expect(most - least).toBeGreaterThan((upper - lower) * (1 - 3 * s ** 2 - 1e-9));
      }
    }
  });

  it('says nothing where the cut is not resolved, and all where everything is known', () => {
    const evidence = { values: [1, 0.9], residuals: [0.01, 0.2], ceilings: [1.01, 1.1], coefficients: [0.5, 0.5] };
    expect(energyBounds(evidence, 1, 1)).toMatchObject({ lower: 0, upper: 1 });
    expect(energyBounds(evidence, 1, 2)).toMatchObject({ lower: 0.5, upper: 0.5, gap: Infinity });
  });
});

/** A vector of the span of k orthonormal vectors. */
const combination = (vectors: Float64Array, k: number, coordinate: (j: number) => number): Float64Array => {
  const g = new Float64Array(n);
  for (let j = 0; j < k; j++) {
    const x = coordinate(j);
    for (let f = 0; f < n; f++) g[f]! += x * vectors[j * n + f]!;
  }
  return g;
};

describe('energyBounds of a whole search space', () => {
  it('enclose the dense truth on 600 random operators, for vectors inside and outside of the space', () => {
    let [better, outsideBetter] = [0, 0];
    for (let seed = 0; seed < 600; seed++) {
      const operator = randomOperator(seed);
      const exact = denseEigen(operator);
      const m = 1 + (seed % 6);
      const k = m + 1 + (seed % 4);
      const stream = randomStream(seed, 'whole');
      const ritz = displacedRitz(operator, exact.vectors, k, 10 ** (-4 * stream.uniform()), seed);
      if (exact.values[m]! > ritz.values[m]! + ritz.residuals[m]!) continue;
      const isInside = seed % 3 > 0;
      const g = combination(ritz.vectors, k, (j) => (seed % 3 === 2 && j < m ? 0 : stream.normal()));
      if (!isInside) for (let f = 0; f < n; f++) g[f]! += stream.normal() / 10;
      const coefficients = ritz.values.map((_, j) => inner(ritz.vectors, j, g));
      const squaredNorm = g.reduce((sum, x) => sum + x * x, 0);
      const { values, residuals, directions } = ritz;
      const ceilings = values.map((value, i) => value + residuals[i]!);
      const bounds = energyBounds({ values, residuals, ceilings, coefficients, directions }, squaredNorm, m);
      const truth = energy(exact.vectors, m, g);
      expect(truth).toBeGreaterThanOrEqual(bounds.lower - 1e-12);
      expect(truth).toBeLessThanOrEqual(bounds.upper + 1e-12);
      const byAngles = energyBounds({ values, residuals, ceilings, coefficients }, squaredNorm, m);
      if (bounds.upper - bounds.lower >= 0.5 * (byAngles.upper - byAngles.lower)) continue;
      if (isInside) better++;
      else outsideBetter++;
    }
    expect(better).toBeGreaterThan(100);
    expect(outsideBetter).toBeGreaterThan(20);
  });

  it('are of second order in the error of the Ritz vectors where g lies in the space, and of first order otherwise', () => {
    const operator = operatorWithSpectrum(
      Array.from({ length: n }, (_, i) => (i < 5 ? 6 - i : 0.5 * Math.cos(i))),
      7,
    );
    const exact = denseEigen(operator);
    const width = (size: number, outside: number): number => {
      const { vectors, ...ritz } = displacedRitz(operator, exact.vectors, 4, size, 11);
      const g = combination(vectors, 4, (j) => 1 / (1 + j));
      for (let f = 0; f < n; f++) g[f]! += outside * Math.sin(f * f);
      const coefficients = ritz.values.map((_, j) => inner(vectors, j, g));
      const { lower, upper } = energyBounds(
        { ...ritz, coefficients, ceilings: ritz.values.map((value, i) => value + ritz.residuals[i]!) },
        g.reduce((sum, x) => sum + x * x, 0),
        2,
      );
      return upper - lower;
    };
    expect(Math.log10(width(1e-2, 0) / width(1e-3, 0))).toBeCloseTo(2, 1);
    expect(Math.log10(width(1e-2, 0.1) / width(1e-3, 0.1))).toBeCloseTo(1, 0);
  });
});

describe('blockLanczos until a top fraction is known', () => {
  it('is within its bounds on 200 random operators, and within the accuracy where it says so', () => {
    let certified = 0;
    for (let seed = 0; seed < 200; seed++) {
      const operator = randomOperator(seed);
      const exact = denseEigen(operator);
      const m = 1 + (seed % 6);
      const gradient = randomVector(seed, exact.vectors.subarray(0, m * n));
      const accuracy = 10 ** (-1 - (seed % 4));
      const { stop, topFraction } = blockLanczos(operator, {
        count: m + 1,
        blockSize: 1 + (seed % 3),
        tolerance: 1e-8,
        until: { topFraction: { gradient, m, accuracy } },
        verify: seed % 2 === 0,
        seed,
      });
      const truth = energy(exact.vectors, m, gradient);
      expect(truth).toBeGreaterThanOrEqual(topFraction!.lower - 1e-12);
      expect(truth).toBeLessThanOrEqual(topFraction!.upper + 1e-12);
      if (stop === 'residual') continue;
      certified++;
      expect(Math.abs(truth - topFraction!.estimate)).toBeLessThanOrEqual(accuracy + 1e-12);
    }
    expect(certified).toBeGreaterThan(150);
  });

  it('keeps track of the gradient over restarts', () => {
    const size = 200;
    const values = Array.from({ length: size }, (_, i) => (i < 8 ? 2 + i / 8 : Math.exp(-i / 40)));
    const operator = operatorWithSpectrum(values, 2);
    const gradient = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i));
    const { vectors } = denseEigen(operator);
    let truth = 0;
    for (let j = 0; j < 12; j++) {
      truth += vectors.subarray(j * size, (j + 1) * size).reduce((sum, x, i) => sum + x * gradient[i]!, 0) ** 2;
    }
    truth /= gradient.reduce((sum, x) => sum + x * x, 0);
    const { restarts, stop, topFraction } = blockLanczos(operator, {
      count: 13,
      blockSize: 2,
      basis: 25,
      until: { topFraction: { gradient, m: 12, accuracy: 1e-8 } },
    });
    expect(restarts).toBeGreaterThan(0);
    expect(stop).toBe('top-fraction');
    expect(Math.abs(truth - topFraction!.estimate)).toBeLessThan(1e-8 + 1e-12);
  });

  it('needs fewer products than the residual rule that gives the same accuracy', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i < 4 ? 10 - i : 1 / (1 + i / 10)));
    const operator = operatorWithSpectrum(values, 1);
    const gradient = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
    const options = { count: 5, blockSize: 2 } as const;
    const byFraction = blockLanczos(operator, {
      ...options,
      until: { topFraction: { gradient, m: 4, accuracy: 1e-3 } },
    });
    const byResidual = blockLanczos(operator, { ...options, tolerance: 1e-4 });
    expect(byFraction.stop).toBe('top-fraction');
    expect(byFraction.products).toBeLessThan(byResidual.products);
  });

  it('falls back to the residual where the cut goes through a multiplet, and bounds it by the cuts on either side', () => {
    const operator = operatorWithSpectrum(
      [3, 2, 2, 1.5, ...new Array<number>(60).fill(0).map((_, i) => 1 / (i + 2))],
      1,
    );
    const gradient = Float64Array.from({ length: 64 }, (_, i) => Math.cos(i));
    const { stop, topFraction, residuals, vectors } = blockLanczos(operator, {
      count: 4,
      tolerance: 1e-9,
      until: { topFraction: { gradient, m: 2, accuracy: 1e-6 } },
    });
    expect(stop).toBe('residual');
    expect(topFraction!.lower).toBeCloseTo(energy(vectors, 1, gradient), 6);
    expect(topFraction!.upper).toBeCloseTo(energy(vectors, 3, gradient), 6);
    expect(topFraction!.upper - topFraction!.lower).toBeGreaterThan(1e-3); // what the two vectors hold
    expect(Math.max(...residuals)).toBeLessThan(1e-8);
  });

  it('only bounds a fraction that no accuracy is asked of, and ends by the residuals', () => {
    const values = Array.from({ length: 120 }, (_, i) => (i < 6 ? 10 - i : 1 / (1 + i)));
    const operator = operatorWithSpectrum(values, 3);
    const gradient = denseEigen(operator).vectors.slice(0, 120); // f is 1 from the first products on
    for (const blockSize of [1, 4]) {
      const options = { count: 6, tolerance: 1e-5, blockSize };
      const result = blockLanczos(operator, { ...options, fraction: { gradient, m: 3 } });
      expect(result.products).toBeLessThanOrEqual(blockLanczos(operator, options).products);
      expect(result.stop).toBe('residual');
      expect(Math.max(...result.residuals)).toBeLessThan(1e-4);
      expect(result.topFraction!.lower).toBeGreaterThan(0.999);
    }
  });

  it('refuses an m that leaves no pair behind the cut, and a gradient of another length or zero', () => {
    const operator = operatorWithSpectrum([3, 2, 1, 0], 1);
    const until = (gradient: Float64Array, m: number, accuracy = 1e-3) => ({
      count: 2,
      until: { topFraction: { gradient, m, accuracy } },
    });
    const g = Float64Array.of(1, 2, 3, 4);
    expect(() => blockLanczos(operator, until(g, 2))).toThrow(/from 1 to count − 1 = 1, received 2/);
    expect(() => blockLanczos(operator, until(g.slice(1), 1))).toThrow(/must have length 4, received 3/);
    expect(() => blockLanczos(operator, until(new Float64Array(4), 1))).toThrow(/must not be zero/);
    expect(() => blockLanczos(operator, until(Float64Array.of(1, NaN, 0, 1), 1))).toThrow(/finite numbers only/);
    expect(() => blockLanczos(operator, { count: 3, fraction: { gradient: g, m: 1, gradientError: NaN } })).toThrow(
      /gradientError of until.topFraction must be 0 or more/,
    );
    expect(() => blockLanczos(operator, until(g, 1, 0))).toThrow(/accuracy of until.topFraction must be positive/);
  });
});
