import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockLanczos } from '../../src/numeric/block-lanczos.js';
import { denseEigen } from '../../src/numeric/dense-eigen.js';
import { namedSpectra, operatorWithSpectrum } from './spectra.js';

const spread = (n: number): number[] => Array.from({ length: n }, (_, i) => (i < 8 ? 2 + i / 8 : Math.exp(-i / 40)));
const descending = (values: readonly number[]): number[] => [...values].sort((a, b) => b - a);

/** ‖AZ − ZΛ‖_F / (n eps ‖A‖). */
function residualRatio(residuals: Float64Array, n: number, norm: number): number {
  return Math.hypot(...residuals) / (n * Number.EPSILON * norm);
}

describe('blockLanczos', () => {
  const spectra = namedSpectra();

  it('is tried on at least fifty spectra', () => {
    expect(spectra.length).toBeGreaterThanOrEqual(50);
  });

  it.each(spectra.map((spectrum, i) => [spectrum.name, spectrum.values, i] as const))(
    'finds every copy: %s',
    (_, values, i) => {
      const exact = descending(values);
      const norm = Math.max(...exact.map(Math.abs));
      // The cut is put behind the last level that can be told from rounding; block sizes below and above the multiplicities.
      const count = Math.max(1, exact.filter((value) => value > 1e-13 * norm).length);
      const result = blockLanczos(operatorWithSpectrum(values, i), {
        count,
        blockSize: 1 + (i % 5),
        tolerance: 1e-15,
        seed: i,
      });
      result.values.forEach((value, j) => {
        expect(Math.abs(value - exact[j]!)).toBeLessThan(values.length * Number.EPSILON * norm);
      });
      expect(residualRatio(result.residuals, values.length, norm)).toBeLessThan(30);
    },
  );

  it('finds the copies that lie within a cut inside a multiplet', () => {
    const values = [
      ...new Array<number>(7).fill(1),
      ...new Array<number>(20).fill(0.5),
      ...new Array<number>(30).fill(0),
    ];
    const result = blockLanczos(operatorWithSpectrum(values, 1), { count: 12, blockSize: 2, tolerance: 1e-14 });
    expect(result.values.filter((value) => Math.abs(value - 1) < 1e-12)).toHaveLength(7);
    expect(result.values.filter((value) => Math.abs(value - 0.5) < 1e-12)).toHaveLength(5);
  });

  it('agrees with the dense eigensolver, restarts included', () => {
    const operator = operatorWithSpectrum(spread(300), 7);
    const dense = denseEigen(operator);
    for (const blockSize of [1, 3, 8]) {
      const result = blockLanczos(operator, { count: 20, blockSize, tolerance: 1e-13, basis: 52 });
      expect(result.restarts).toBeGreaterThan(0);
      result.values.forEach((value, i) => {
        expect(Math.abs(value - dense.values[i]!)).toBeLessThan(300 * Number.EPSILON * 3);
      });
    }
  });

  it('returns true residuals: those of an explicit product', () => {
    const operator = operatorWithSpectrum(spread(120), 3);
    const { values, vectors, residuals } = blockLanczos(operator, { count: 6, tolerance: 1e-4 });
    const moved = operator.apply(vectors, 6);
    values.forEach((value, j) => {
      const r = Math.hypot(...moved.subarray(j * 120, (j + 1) * 120).map((y, i) => y - value * vectors[j * 120 + i]!));
      expect(Math.abs(residuals[j]! - r)).toBeLessThan(1e-15);
      expect(r).toBeLessThan(1e-4 * 3);
    });
  });

  it('has orthonormal vectors and counts every product it asked for', () => {
    const operator = operatorWithSpectrum(spread(200), 4);
    const { vectors, products } = blockLanczos(operator, { count: 12 });
    for (let i = 0; i < 12; i++) {
      for (let j = 0; j <= i; j++) {
        let inner = 0;
        for (let f = 0; f < 200; f++) inner += vectors[i * 200 + f]! * vectors[j * 200 + f]!;
        expect(Math.abs(inner - (i === j ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
    expect(products).toBe(operator.calls.reduce((sum, columns) => sum + columns, 0));
  });

  it('bounds the error of its eigenvalues, at any tolerance and seed', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: -12, max: -2, noNaN: true }), (seed, exponent) => {
        const values = Array.from({ length: 80 }, (_, i) => Math.sin(i * 12.9898 + seed) ** 3);
        const exact = descending(values);
        const result = blockLanczos(operatorWithSpectrum(values, seed), { count: 8, tolerance: 10 ** exponent, seed });
        result.values.forEach((value, i) => {
          expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(result.errors[i]!);
        });
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  it('needs fewer products from the eigenvectors of a nearby operator', () => {
    const values = spread(400);
    const cold = blockLanczos(operatorWithSpectrum(values, 5), { count: 8, tolerance: 1e-3 });
    const nearby = operatorWithSpectrum(
      values.map((value, i) => value * (1 + 1e-4 * Math.sin(i))),
      5,
    );
    const warm = blockLanczos(nearby, { count: 8, tolerance: 1e-3, start: cold.vectors });
    expect(warm.products).toBeLessThan(cold.products);
  });

  it('gives the same bytes for the same seed, and the same values for another', () => {
    const operator = operatorWithSpectrum(spread(100), 6);
    const [first, again, other] = [1, 1, 2].map((seed) => blockLanczos(operator, { count: 5, seed, tolerance: 1e-13 }));
    expect(again!.vectors).toEqual(first!.vectors);
    other!.values.forEach((value, i) => {
      expect(value).toBeCloseTo(first!.values[i]!, 12);
    });
  });

  it('scales with the operator and shifts with the identity', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (exponent, shift) => {
          const factor = 10 ** exponent;
          const values = spread(60);
          const plain = blockLanczos(operatorWithSpectrum(values, 9), { count: 4, tolerance: 1e-14 });
          const moved = blockLanczos(
            operatorWithSpectrum(
              values.map((v) => factor * v + shift),
              9,
            ),
            { count: 4, tolerance: 1e-14 },
          );
          moved.values.forEach((value, i) => {
            expect(Math.abs(value - (factor * plain.values[i]! + shift))).toBeLessThan(1e-12 * (factor * 3 + 5));
          });
        },
      ),
      { seed: 10, numRuns: 20 },
    );
  });

  it('handles a zero operator, a full spectrum and a single dimension', () => {
    expect([...blockLanczos(operatorWithSpectrum(new Array<number>(10).fill(0), 1), { count: 3 }).values]).toEqual([
      0, 0, 0,
    ]);
    const all = blockLanczos(operatorWithSpectrum([4, 3, 2, 1], 2), { count: 4 });
    [4, 3, 2, 1].forEach((value, i) => {
      expect(all.values[i]).toBeCloseTo(value, 12);
    });
    expect(blockLanczos(operatorWithSpectrum([7], 3), { count: 1 }).values[0]).toBeCloseTo(7, 12);
  });

  it('refuses bad counts, values that are not finite, and budgets that do not suffice', () => {
    const operator = operatorWithSpectrum(spread(200), 11);
    expect(() => blockLanczos(operator, { count: 0 })).toThrow(
      /count must be an integer from 1 to the dimension 200, received 0/,
    );
    expect(() => blockLanczos(operator, { count: 201 })).toThrow(/received 201/);
    expect(() => blockLanczos(operator, { count: 3, blockSize: 0 })).toThrow(/blockSize must be a positive integer/);
    expect(() => blockLanczos(operator, { count: 20, maxProducts: 30 })).toThrow(/used \d+ products/);
    const broken = { dimension: 20, apply: (block: Float64Array) => block.map(() => NaN) };
    expect(() => blockLanczos(broken, { count: 2 })).toThrow(/not finite/);
  });
});

describe('denseEigen', () => {
  it('finds all eigenvalues with residual ratios below 30', () => {
    const values = descending(spread(80));
    const result = denseEigen(operatorWithSpectrum(values, 2));
    result.values.forEach((value, i) => {
      expect(Math.abs(value - values[i]!)).toBeLessThan(80 * Number.EPSILON * 3);
    });
    expect(residualRatio(result.residuals, 80, 3)).toBeLessThan(30);
  });

  it('refuses an operator that is not symmetric', () => {
    const shear = {
      dimension: 2,
      apply: (block: Float64Array, columns: number) =>
        Float64Array.from({ length: 2 * columns }, (_, i) => (i % 2 === 0 ? block[i]! + block[i + 1]! : block[i]!)),
    };
    expect(() => denseEigen(shear)).toThrow(/not symmetric/);
  });
});
