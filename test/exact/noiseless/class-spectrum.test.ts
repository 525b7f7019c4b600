import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { classEigenpairs } from '../../../src/exact/noiseless/class-spectrum.js';

const options = { seed: 20181214, numRuns: 100 };
/** Probabilities with exact ties, near ties and tails down to e^−30. */
const probabilities = fc
  .array(fc.oneof(fc.constantFrom(-1, 0, 0, 1e-15), fc.double({ min: -30, max: 5, noNaN: true })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((logits) => {
    const p = logits.map(Math.exp);
    const total = p.reduce((sum, x) => sum + x);
    return Float64Array.from(p, (x) => x / total);
  });

describe('classEigenpairs', () => {
  it('agrees with a dense eigensolver to k eps of the largest eigenvalue', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        const dense = Array.from(p, (pi, i) => Array.from(p, (pj, j) => (i === j ? pi : 0) - pi * pj));
        const reference = new EigenvalueDecomposition(new Matrix(dense), { assumeSymmetric: true }).realEigenvalues;
        const values = [...classEigenpairs(p)].map((pair) => pair.value);
        expect(values).toHaveLength(p.length - 1);
        reference.sort((a, b) => b - a);
        values.forEach((value, i) => {
          expect(Math.abs(value - reference[i]!)).toBeLessThan(8 * p.length * Number.EPSILON);
        });
      }),
      options,
    );
  });

  it('interlaces: each eigenvalue lies between neighbouring probabilities', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        const sorted = Float64Array.from(p).sort().reverse();
        [...classEigenpairs(p)].forEach(({ value }, i) => {
          expect(value).toBeLessThanOrEqual(sorted[i]!);
          expect(value).toBeGreaterThanOrEqual(sorted[i + 1]!);
        });
      }),
      options,
    );
  });

  it('has orthonormal vectors of zero sum', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        const vectors = [...classEigenpairs(p)].map((pair) => pair.vector);
        vectors.forEach((v, i) => {
          expect(Math.abs(v.reduce((sum, x) => sum + x, 0))).toBeLessThan(1e-13);
          vectors.slice(0, i + 1).forEach((u, j) => {
            const inner = u.reduce((sum, x, c) => sum + x * v[c]!, 0);
            expect(Math.abs(inner - (i === j ? 1 : 0))).toBeLessThan(1e-12);
          });
        });
      }),
      options,
    );
  });

  it('is lazy: the first of a thousand costs no more than one root', () => {
    const p = Float64Array.from({ length: 1000 }, (_, c) => (c + 1) / 500_500);
    const first = classEigenpairs(p).next().value;
    expect(first?.value).toBeLessThan(p[999]!);
    expect(first?.value).toBeGreaterThan(p[998]!);
  });
});
