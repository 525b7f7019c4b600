import { describe, expect, test } from 'vitest';
import { solveDense } from '../../src/numeric/kernels/solve-dense.js';
import { relaxationStep, type LinearSystem } from '../../src/numeric/quadrature/linear-relaxation.js';
import { randomStream } from '../../src/numeric/random.js';

describe('a small dense system', () => {
  test('is solved, pivots of 0 included', () => {
    const stream = randomStream(1, 'dense');
    for (let n = 1; n <= 12; n++) {
      const A = Float64Array.from(
        { length: n * n },
        (_, i) => (i % (n + 1) === 0 ? 0 : stream.normal()) + (n === 1 ? 1 : 0),
      );
      const x = Float64Array.from({ length: n }, () => stream.normal());
      const y = x.map((_, i) => x.reduce((sum, xj, j) => sum + A[i * n + j]! * xj, 0));
      solveDense(A, y).forEach((found, i) => {
        expect(found).toBeCloseTo(x[i]!, 9);
      });
    }
  });

  test('that has no single solution is refused', () => {
    expect(() => solveDense(Float64Array.of(1, 2, 2, 4), Float64Array.of(1, 1))).toThrow('no single solution');
    expect(() => solveDense(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow('no single solution');
  });
});

describe('a step of relaxation', () => {
  /** y″ = −y as a system, and a forcing: y = (sin x + x, cos x + 1). */
  const system = (x: number): LinearSystem => ({
    matrix: Float64Array.of(0, 1, -1, 0),
    forcing: Float64Array.of(0, x),
  });
  const exact = (x: number): Float64Array => Float64Array.of(Math.sin(x) + x, Math.cos(x) + 1);

  test('has order five', () => {
    const errorOf = (steps: number): number => {
      let y = exact(0);
      for (let i = 0; i < steps; i++) y = relaxationStep(system, y, (2 * i) / steps, 2 / steps);
      return Math.abs(y[0]! - exact(2)[0]!);
    };
    const order = Math.log2(errorOf(8) / errorOf(16));
    expect(order).toBeGreaterThan(4.5);
    expect(errorOf(64)).toBeLessThan(1e-9);
  });

  test('follows the fixed point of what relaxes at once', () => {
    const fast = (x: number): LinearSystem => ({
      matrix: Float64Array.of(-1e12),
      forcing: Float64Array.of(1e12 * Math.cos(x)),
    });
    const y = relaxationStep(fast, Float64Array.of(5), 0.3, 0.2);
    expect(y[0]).toBeCloseTo(Math.cos(0.5), 9); // the start decays as 10/hλ
  });
});
