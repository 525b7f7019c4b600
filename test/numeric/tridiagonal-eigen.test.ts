import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { smallSymmetricEigen } from '../../src/numeric/kernels/small-symmetric-eigen.js';
import { randomStream } from '../../src/numeric/random.js';

/** Entry (i, j) of a symmetric matrix of a kind. */
const kinds: Readonly<Record<string, (draw: () => number, i: number, j: number) => number>> = {
  random: (draw) => draw(),
  identity: (_, i, j) => (i === j ? 1 : 0),
  graded: (draw, i, j) => draw() * 10 ** -(i + j),
  tiny: (draw) => draw() * 1e-180,
  huge: (draw) => draw() * 1e150,
  sparse: (draw) => (draw() > -1 ? 0 : draw()),
  degenerate: (_, i, j) => (i === j ? 3 : 1),
};

describe('the eigenpairs of a small symmetric matrix', () => {
  it.each(Object.entries(kinds))(
    'are those of the published procedures as ml-matrix has them, to the bit: %s',
    (name, entry) => {
      const stream = randomStream(1, 'small-eigen', name);
      for (let n = 1; n <= 24; n++) {
        const A = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) A[i * n + j] = A[j * n + i] = entry(() => stream.normal(), i, j);
        }
        const rows = Array.from({ length: n }, (_, i) => [...A.subarray(i * n, (i + 1) * n)]);
        const theirs = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
        const { values, vectors } = smallSymmetricEigen(A, n);
        expect([...values].reverse()).toEqual(theirs.realEigenvalues);
        // Of equal eigenvalues each keeps its own place.
        const order = theirs.realEigenvalues.map((_, i) => i);
        order.sort((a, b) => theirs.realEigenvalues[b]! - theirs.realEigenvalues[a]!);
        expect([...vectors]).toEqual(order.flatMap((column) => theirs.eigenvectorMatrix.getColumn(column)));
      }
    },
  );

  it('reads the symmetric part', () => {
    expect(smallSymmetricEigen(Float64Array.of(1, 4, 0, 1), 2)).toEqual(
      smallSymmetricEigen(Float64Array.of(1, 2, 2, 1), 2),
    );
  });
});
