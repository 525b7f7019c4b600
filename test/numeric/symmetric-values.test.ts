import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/numeric/kernels/pausing.js';
import { smallSymmetricEigen, symmetricValuesProgram } from '../../src/numeric/kernels/small-symmetric-eigen.js';
import { gaussRuleOf } from '../../src/numeric/lanczos/spectral-mass.js';
import { randomStream } from '../../src/numeric/random.js';

const kinds: Readonly<Record<string, (draw: () => number, i: number, j: number) => number>> = {
  random: (draw) => draw(),
  graded: (draw, i, j) => draw() * 10 ** -(i + j),
  tiny: (draw) => draw() * 1e-180,
  sparse: (draw) => (draw() > 0 ? 0 : draw()),
  degenerate: (_, i, j) => (i === j ? 3 : 1),
  zero: () => 0,
};

/** A symmetric matrix, row-major. */
function matrixOf(n: number, entry: (i: number, j: number) => number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = entry(i, j);
  return matrix;
}

describe('eigenvalues without eigenvectors', () => {
  it.each(Object.entries(kinds))('are those of the pairs, to the bit: %s', (name, entry) => {
    const stream = randomStream(1, 'values-alone', name);
    for (let n = 1; n <= 24; n++) {
      const matrix = matrixOf(n, (i, j) => entry(() => stream.normal(), i, j));
      matrix[n - 1]! += n > 1 ? 0.25 : 0; // the symmetric part counts
      expect(atOnce(symmetricValuesProgram(matrix, n))).toEqual(smallSymmetricEigen(matrix, n).values);
    }
  });
});

describe('gaussRuleOf', () => {
  it('has the eigenvalues and squared first entries of the eigenvectors of the whole matrix', () => {
    for (let n = 1; n <= 30; n++) {
      const stream = randomStream(n, 'jacobi');
      const alpha = Array.from({ length: n }, () => stream.normal());
      const beta = Array.from({ length: n }, () => 10 ** (-2 * stream.uniform()));
      const { nodes, weights } = gaussRuleOf(alpha, beta);
      const { values, vectors } = smallSymmetricEigen(
        matrixOf(n, (i, j) => (i === j ? alpha[i]! : i === j + 1 ? beta[j]! : 0)),
        n,
      );
      // Each within the backward error of either, over the gap between neighbours for the weights.
      const error = 16 * n * Number.EPSILON * Math.max(...alpha.map(Math.abs), 1);
      const gap = Math.min(...values.subarray(1).map((value, j) => values[j]! - value));
      nodes.forEach((node, i) => {
        expect(Math.abs(node - values[n - 1 - i]!)).toBeLessThanOrEqual(error);
        expect(Math.abs(weights[i]! - vectors[(n - 1 - i) * n]! ** 2)).toBeLessThanOrEqual(n > 1 ? error / gap : 0);
      });
      expect(Math.abs(weights.reduce((sum, x) => sum + x, 0) - 1)).toBeLessThanOrEqual(error);
    }
  });
});
