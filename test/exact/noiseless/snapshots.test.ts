import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  biasSnapshot,
  exactFlow,
  exactSnapshot,
  randomWeights,
  symmetricSnapshot,
} from '../../../src/exact/noiseless/index.js';
import type { Snapshot } from '../../../src/observe/snapshot.js';

/** The three kinds of exact snapshot, each with its whole positive spectrum. */
const kinds: Record<string, (k: number, t: number, seed: number) => Snapshot> = {
  symmetricSnapshot: (k, t) => symmetricSnapshot(k, k + 3, t),
  biasSnapshot: (k, t) => biasSnapshot(k, k + 3, t),
  exactSnapshot: (k, t, seed) => exactSnapshot(exactFlow(k, randomWeights(k, 1, seed)).at(t), k + 3, Infinity),
};

const options = { seed: 20181216, numRuns: 25 };
const where = [
  fc.integer({ min: 2, max: 7 }),
  fc.oneof(
    fc.constant(0),
    fc.double({ min: -9, max: 12, noNaN: true }).map((e) => 10 ** e),
  ),
  fc.nat(1000),
] as const;

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, xi, i) => sum + xi * y[i]!, 0);

describe.each(Object.entries(kinds))('%s', (_, make) => {
  it('has level bases that are orthonormal eigenvectors, as many as the multiplicity says, k(k−1) in all', () => {
    fc.assert(
      fc.property(...where, (k, t, seed) => {
        const { hessian, spectrum } = make(k, t, seed);
        const n = hessian.dimension;
        const all: Float64Array[] = [];
        spectrum.levels.forEach((level, i) => {
          const basis = spectrum.basis(i);
          expect(basis.length).toBe(level.multiplicity * n);
          const moved = hessian.apply(basis, level.multiplicity);
          basis.forEach((x, j) => {
            expect(Math.abs(moved[j]! - level.value * x)).toBeLessThan(
              8 * k * Number.EPSILON * spectrum.levels[0]!.value,
            );
          });
          for (let j = 0; j < level.multiplicity; j++) all.push(basis.subarray(j * n, (j + 1) * n));
        });
        expect(all).toHaveLength(k * (k - 1));
        all.forEach((u, i) => {
          all.slice(0, i + 1).forEach((v, j) => {
            expect(Math.abs(dot(u, v) - (i === j ? 1 : 0))).toBeLessThan(1e-12);
          });
        });
      }),
      options,
    );
  });

  it('has energies that are the squared norms of the projections', () => {
    fc.assert(
      fc.property(...where, (k, t, seed) => {
        const { hessian, spectrum } = make(k, t, seed);
        const n = hessian.dimension;
        const x = Float64Array.from({ length: n }, (_, i) => Math.cos(3 * i + seed));
        spectrum.levels.forEach((level, i) => {
          const basis = spectrum.basis(i);
          let energy = 0;
          for (let j = 0; j < level.multiplicity; j++) energy += dot(basis.subarray(j * n, (j + 1) * n), x) ** 2;
          expect(Math.abs(spectrum.energy(i, x) - energy)).toBeLessThan(1e-12 * n);
        });
      }),
      options,
    );
  });

  it('has the eigenvalues of its dense Hessian and a gradient that lies in its range', () => {
    fc.assert(
      fc.property(...where, (k, t, seed) => {
        const { gradient, hessian, spectrum } = make(k, t, seed);
        const n = hessian.dimension;
        const identity = new Float64Array(n * n);
        for (let i = 0; i < n; i++) identity[i * n + i] = 1;
        const dense = Matrix.from1DArray(n, n, hessian.apply(identity, n));
        const reference = new EigenvalueDecomposition(dense, { assumeSymmetric: true }).realEigenvalues.sort(
          (a, b) => b - a,
        );
        const values = spectrum.levels.flatMap((level) => new Array<number>(level.multiplicity).fill(level.value));
        reference.forEach((value, i) => {
          expect(Math.abs(value - (values[i] ?? 0))).toBeLessThan(30 * n * Number.EPSILON * reference[0]!);
        });
        const inRange = spectrum.levels.reduce((sum, _, i) => sum + spectrum.energy(i, gradient), 0);
        expect(Math.abs(inRange / dot(gradient, gradient) - 1)).toBeLessThan(1e-12);
      }),
      options,
    );
  });
});

describe('exactSnapshot', () => {
  it('computes only what is asked for, and goes on to the end of a multiplet', () => {
    const generic = exactFlow(6, randomWeights(6, 1, 1)).at(10);
    expect(exactSnapshot(generic, 6).spectrum.levels).toHaveLength(7);
    expect(exactSnapshot(generic, 6).spectrum.remainder).toBe('below');
    const symmetric = exactFlow(6, new Float64Array(36)).at(10);
    expect(exactSnapshot(symmetric, 6, 2).spectrum.levels).toHaveLength(6);
    expect(exactSnapshot(symmetric, 6, 7).spectrum.levels).toHaveLength(30);
    expect(exactSnapshot(symmetric, 6, 7).spectrum.remainder).toBe('null');
  });

  it('refuses fewer features than classes', () => {
    expect(() => exactSnapshot(exactFlow(6, new Float64Array(36)).at(10), 5)).toThrow(
      /dim must be an integer from classes \(6\)/,
    );
  });
});

describe('symmetricSnapshot', () => {
  it('needs no dense basis for a thousand classes, and refuses to build one', () => {
    const { gradient, spectrum, parameters } = symmetricSnapshot(1000, 1e6, 1e9);
    expect(parameters).toBe(1e9);
    expect(Math.abs(spectrum.energy(0, gradient) / dot(gradient, gradient) - 1)).toBeLessThan(1e6 * Number.EPSILON);
    expect(() => spectrum.basis(1)).toThrow(/more than 2 GiB/);
  });
});
