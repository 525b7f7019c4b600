import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockLanczos, blockLanczosAsync } from '../../src/numeric/lanczos/block-lanczos.js';
import { denseEigen } from '../../src/numeric/kernels/dense-eigen.js';
import { trueResiduals } from '../../src/numeric/lanczos/true-residuals.js';
import { namedSpectra, operatorWithSpectrum } from './spectra.js';
import { timeless } from './timeless.js';

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

  it.each([1, 2])(
    'finds a third copy though simple levels lie between it and the cut, with blocks of %i',
    (blockSize) => {
      const values = [10, 10, 10, 9, 8, 7, 6, 5, ...Array.from({ length: 292 }, (_, i) => 1 / (1 + i / 20))];
      for (let seed = 0; seed < 4; seed++) {
        for (const tolerance of [1e-3, 1e-10]) {
          const result = blockLanczos(operatorWithSpectrum(values, seed), { count: 6, blockSize, tolerance, seed });
          expect(result.values.filter((value) => Math.abs(value - 10) < 0.01)).toHaveLength(3);
        }
      }
    },
  );

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

  it('costs little more than its vectors where the start has converged, and finds what the start lacks', () => {
    const values = spread(400);
    const exact = descending(values);
    const operator = operatorWithSpectrum(values, 5);
    const options = { tolerance: 1e-3, blockSize: 2, verify: false } as const;
    const cold = blockLanczos(operator, { ...options, count: 10 });
    const again = blockLanczos(operator, { ...options, count: 10, start: cold.vectors });
    expect(again.products).toBeLessThanOrEqual(20);
    expect(again.products).toBeLessThan(0.7 * cold.products);
    for (const missing of [0, 4, 7]) {
      const start = Float64Array.from(
        Array.from({ length: 10 }, (_, j) =>
          j === missing ? [] : [...cold.vectors.subarray(j * 400, (j + 1) * 400)],
        ).flat(),
      );
      const result = blockLanczos(operator, { ...options, count: 9, start });
      expect(Math.abs(result.values[missing]! - exact[missing]!)).toBeLessThan(1e-3 * 3);
    }
  });

  it('finds the smallest eigenvalues as well, descending, with their vectors', () => {
    const operator = operatorWithSpectrum(
      spread(90).map((value, i) => value - (i % 7)),
      8,
    );
    const dense = denseEigen(operator);
    const result = blockLanczos(operator, { count: 5, which: 'smallest', tolerance: 1e-13 });
    result.values.forEach((value, i) => {
      expect(Math.abs(value - dense.values[85 + i]!)).toBeLessThan(90 * Number.EPSILON * 7);
    });
    expect(Math.max(...trueResiduals(operator, result.values, result.vectors))).toBeLessThan(1e-12);
    expect(result.unseen).toBeLessThanOrEqual(dense.values[84]! + 1e-12);
    result.outer.forEach((outer, i) => {
      expect(outer).toBeLessThanOrEqual(dense.values[85 + i]!);
    });
  });

  it('saves the products of verification, and is right about the residuals to rounding', () => {
    const operator = operatorWithSpectrum(spread(300), 5);
    for (const tolerance of [1e-2, 1e-6, 1e-12]) {
      const checked = blockLanczos(operator, { count: 8, tolerance });
      const plain = blockLanczos(operator, { count: 8, tolerance, verify: false });
      expect([checked.residualsFrom, plain.residualsFrom]).toEqual(['products', 'recurrence']);
      expect(checked.products - plain.products).toBe(8);
      plain.residuals.forEach((r, i) => {
        expect(Math.abs(r - checked.residuals[i]!)).toBeLessThan(300 * Number.EPSILON * 3);
      });
    }
  });

  it('gives the same bytes where products are awaited, and rejects where they fail', async () => {
    const operator = operatorWithSpectrum(spread(100), 6);
    const later = {
      dimension: 100,
      apply: async (block: Float64Array, columns: number) => {
        await Promise.resolve();
        return operator.apply(block, columns);
      },
    };
    const options = { count: 6, blockSize: 3, start: new Float64Array(100).fill(1) };
    expect(timeless(await blockLanczosAsync(later, options))).toEqual(timeless(blockLanczos(operator, options)));
    const failing = { dimension: 100, apply: () => Promise.reject(new Error('no device')) };
    await expect(blockLanczosAsync(failing, options)).rejects.toThrow('no device');
    const short = { dimension: 100, apply: () => new Float64Array(3) };
    expect(() => blockLanczos(short, options)).toThrow(/returned 3 numbers for a block of 400/);
  });

  it('takes the residual of `until` for the tolerance', () => {
    const operator = operatorWithSpectrum(spread(200), 4);
    expect(timeless(blockLanczos(operator, { count: 6, until: { residual: 1e-4 } }))).toEqual(
      timeless(blockLanczos(operator, { count: 6, tolerance: 1e-4 })),
    );
  });

  it('takes a start whatever its length', () => {
    const operator = operatorWithSpectrum(spread(100), 12);
    const { vectors } = blockLanczos(operator, { count: 4, tolerance: 1e-3 });
    const from = (factor: number) => {
      const start = vectors.map((x) => factor * x);
      return blockLanczos(operator, { count: 4, start, effort: 0 });
    };
    expect(from(2 ** -900).products).toBe(from(1).products);
    expect(from(2 ** -900).products).toBeLessThan(blockLanczos(operator, { count: 4, effort: 0 }).products);
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
    expect(all.unseen).toBe(-Infinity);
    const smallest = blockLanczos(operatorWithSpectrum([4, 3, 2, 1], 2), { count: 4, which: 'smallest' });
    expect(smallest.unseen).toBe(Infinity);
  });

  it('refuses bad counts, values that are not finite, and budgets that do not suffice', () => {
    const operator = operatorWithSpectrum(spread(200), 11);
    expect(() => blockLanczos(operator, { count: 0 })).toThrow(
      /count must be an integer from 1 to the dimension 200, received 0/,
    );
    expect(() => blockLanczos(operator, { count: 201 })).toThrow(/received 201/);
    expect(() => blockLanczos(operator, { count: 3, blockSize: 0 })).toThrow(/blockSize must be a positive integer/);
    expect(() => blockLanczos(operator, { count: 20, maxProducts: 30 })).toThrow(/used \d+ products/);
    expect(() => blockLanczos(operator, { count: 3, start: new Float64Array(7) })).toThrow(
      /whole vectors of length 200/,
    );
    expect(() => blockLanczos(operator, { count: 20, basis: 20 })).toThrow(/basis must be an integer of at least 32/);
    const gradient = new Float64Array(200).fill(1);
    const begun = { start: Float64Array.from({ length: 200 * 8 }, (_, i) => Math.cos(i * i)), blockSize: 1, basis: 8 };
    const until = { topFraction: { gradient, m: 1, accuracy: 1e-3 } };
    expect(() => blockLanczos(operator, { count: 2, ...begun, until })).toThrow(/basis must be .* at least 9/);
    expect(blockLanczos(operator, { count: 2, ...begun, basis: 9, until }).stop).toBe('top-fraction');
    const start = new Float64Array(200).fill(1, 0, 199).fill(NaN, 199);
    expect(() => blockLanczos(operator, { count: 3, start })).toThrow(/start must hold finite numbers/);
    expect(() => blockLanczos(operator, { count: 3, tolerance: NaN })).toThrow(/tolerance must be 0 or more/);
    expect(() => blockLanczos(operator, { count: 3, until: { residual: NaN } })).toThrow(/tolerance must be 0 or more/);
    expect(() => blockLanczos(operator, { count: 3, maxProducts: NaN })).toThrow(/maxProducts must be 0 or more/);
    const broken = { dimension: 20, apply: (block: Float64Array) => block.map(() => NaN) };
    expect(() => blockLanczos(broken, { count: 2 })).toThrow(/not finite/);
  });
});

describe('blockLanczos with single vectors', () => {
  it('finds simple eigenvalues, and both copies of a double one', () => {
    const values = descending(spread(300));
    const options = { tolerance: 1e-9, blockSize: 1 } as const;
    const simple = blockLanczos(operatorWithSpectrum(values, 3), { ...options, count: 8 });
    simple.values.forEach((value, i) => {
      expect(Math.abs(value - values[i]!)).toBeLessThan(1e-8 * simple.norm);
    });
    const doubled = operatorWithSpectrum([5, 5, 4, 3, 2, ...Array.from({ length: 295 }, (_, i) => 1 - i / 300)], 4);
    const found = blockLanczos(doubled, { ...options, count: 3 }).values.map((x) => Math.round(x));
    expect(found).toEqual(Float64Array.of(5, 5, 4));
  });
});

describe('blockLanczos around what is known', () => {
  const values = spread(300);
  const n = values.length;
  const operator = operatorWithSpectrum(values, 5);
  const exact = descending(values);
  const sum = (vectors: Float64Array, count: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => {
      let entry = 0;
      for (let j = 0; j < count; j++) entry += vectors[j * n + i]!;
      return entry;
    });

  it.each([1e-3, 1e-6])('leaves the spare pairs as they are, and spends fewer products: tolerance %d', (tolerance) => {
    const products = [0, 1, 3].map((spare) => {
      const result = blockLanczos(operator, { count: 12, spare, blockSize: 1, tolerance, verify: false });
      expect(result.residuals).toHaveLength(12);
      expect(Math.max(...result.residuals.slice(0, 12 - spare))).toBeLessThanOrEqual(tolerance * result.norm);
      result.values.forEach((value, j) => {
        expect(Math.abs(value - exact[j]!)).toBeLessThanOrEqual(result.errors[j]!);
      });
      return result.products;
    });
    expect(products[1]).toBeLessThan(products[0]!);
    expect(products[2]).toBeLessThan(products[1]!);
  });

  it('may end with a spare pair that has not converged, and refuses as many of them as pairs', () => {
    // Behind the first eleven a plane of nearly equal eigenvalues, which Lanczos parts late.
    const tied = operatorWithSpectrum(
      values.map((_, i) => (i < 11 ? 20 - i : i < 13 ? 2 - 1e-4 * (i - 11) : 1 / (i - 11))),
      5,
    );
    const options = { count: 12, tolerance: 1e-9, blockSize: 1, verify: false } as const;
    const { residuals, norm } = blockLanczos(tied, { ...options, spare: 1 });
    expect(Math.max(...residuals.slice(0, 11))).toBeLessThanOrEqual(1e-9 * norm);
    expect(residuals[11]).toBeGreaterThan(1e-9 * norm);
    expect(blockLanczos(tied, options).residuals[11]).toBeLessThanOrEqual(1e-9 * norm);
    expect(() => blockLanczos(operator, { count: 3, spare: 3 })).toThrow(
      /spare must be an integer from 0 to count − 1 = 2/,
    );
    expect(() => blockLanczos(operator, { count: 3, near: new Float64Array(7) })).toThrow(/near must hold one vector/);
  });

  it('needs fewer products near the eigenvectors of a slightly rotated operator', () => {
    const { vectors } = denseEigen(operator);
    const near = sum(vectors, 8);
    for (let i = 0; i < n; i++) near[i]! += 1e-2 * Math.sin(i * i);
    const spent = (options: { readonly near?: Float64Array }): number =>
      Array.from({ length: 6 }, (_, seed) =>
        blockLanczos(operator, { count: 8, blockSize: 2, tolerance: 1e-6, verify: false, seed, ...options }),
      ).reduce((total, { products }) => total + products, 0);
    expect(spent({ near })).toBeLessThan(spent({}));
  });

  it('certifies nothing by a vector that was given, which may lie in an invariant subspace', () => {
    const { vectors } = denseEigen(operator);
    for (let seed = 0; seed < 15; seed++) {
      const low = seed % 2 ? vectors.slice(200 * n, 201 * n) : sum(vectors.subarray(4 * n), 4);
      const near = low.map((x) => 2 ** ((seed % 5) * 300 - 600) * x); // at equal lengths, whatever its own
      const result = blockLanczos(operator, { count: 3, blockSize: 1, tolerance: 1e-3, seed, near, verify: false });
      expect(result.unseen).toBeGreaterThanOrEqual(exact[3]! - result.rounding);
      result.outer.forEach((bound, j) => {
        expect(bound).toBeGreaterThanOrEqual(exact[j]! - result.rounding);
      });
      // Without a witness of its own nothing is known.
      const idle = blockLanczos(operator, { count: 3, blockSize: 1, tolerance: 1e-3, seed, near, effort: 0 });
      expect(idle.unseen).toBe(Infinity);
    }
  });

  it.each(['largest', 'smallest'] as const)('knows A g where the search began with g, at any scale: %s', (which) => {
    const gradient = Float64Array.from({ length: n }, (_, i) => Math.sin(i * i) - 0.2);
    const sign = which === 'largest' ? 1 : -1;
    const ahead = operator.apply(gradient, 1).map((x) => sign * x);
    const length = Math.hypot(...gradient);
    for (const [scale, long] of [
      [1, 1],
      [2 ** -700, 1],
      [2 ** 700, 2 ** -700],
    ] as const) {
      const scaled = {
        dimension: n,
        apply: (block: Float64Array, columns: number) => operator.apply(block, columns).map((x) => sign * scale * x),
      };
      // With 0.5 at once, where most of A g is among the residuals still.
      for (const [guards, accuracy] of [
        [0, 1e-3],
        [2, 1e-3],
        [3, 0.5],
      ] as const) {
        const topFraction = { gradient: gradient.map((x) => long * x), m: 3, accuracy };
        const options = { count: 4, which, until: { topFraction }, blockSize: 2, verify: false, guards };
        const { alongGradient, rounding, restarts } = blockLanczos(scaled, options);
        expect(restarts).toBe(0);
        ahead.forEach((x, i) => {
          expect(Math.abs(alongGradient![i]! / scale - x / length)).toBeLessThanOrEqual(rounding / scale);
        });
      }
    }
  });

  it('does not know it after a restart, nor where g only bounds a fraction', () => {
    const gradient = Float64Array.from({ length: n }, (_, i) => Math.sin(i * i));
    const topFraction = { gradient, m: 11, accuracy: 1e-9 };
    const again = blockLanczos(operator, { count: 12, blockSize: 1, basis: 20, most: 26, until: { topFraction } });
    expect(again.restarts).toBeGreaterThan(0);
    expect(again.alongGradient).toBeUndefined();
    expect(blockLanczos(operator, { count: 4, fraction: { gradient, m: 3 } }).alongGradient).toBeUndefined();
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
