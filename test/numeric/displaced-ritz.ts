import { orthonormalise } from '../../src/numeric/kernels/orthonormalise.js';
import { randomStream } from '../../src/numeric/random.js';
import { smallSymmetricEigen } from '../../src/numeric/kernels/small-symmetric-eigen.js';
import type { SymmetricOperator } from '../../src/numeric/kernels/symmetric-operator.js';
import { residualNorms } from '../../src/numeric/lanczos/true-residuals.js';

/** Ritz pairs of the span of the top k eigenvectors, each displaced by about `size`: nothing overlooked, little converged. */
export function displacedRitz(operator: SymmetricOperator, exact: Float64Array, k: number, size: number, seed: number) {
  const n = operator.dimension;
  const stream = randomStream(seed, 'displacement');
  const displaced = exact.slice(0, k * n).map((x) => x + (size * stream.normal()) / Math.sqrt(n));
  const none = { dimension: n, data: new Float64Array(0), count: 0 };
  const { data } = orthonormalise({ dimension: n, data: displaced, count: k }, none, 1e-8);
  const basis = Array.from({ length: k }, (_, j) => data.subarray(j * n, (j + 1) * n));
  const moved = basis.map((v) => operator.apply(v, 1));
  const t = Float64Array.from({ length: k * k }, (_, at) =>
    basis[Math.floor(at / k)]!.reduce((sum, x, i) => sum + x * moved[at % k]![i]!, 0),
  );
  const { values, vectors: y } = smallSymmetricEigen(t, k);
  const vectors = new Float64Array(n * k);
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++) for (let f = 0; f < n; f++) vectors[j * n + f]! += y[j * k + i]! * basis[i]![f]!;
  const coupling = operator.apply(vectors, k).map((x, at) => x - values[Math.floor(at / n)]! * vectors[at]!);
  const residuals = residualNorms(operator.apply(vectors, k), values, vectors);
  return { values, vectors, residuals, directions: { coupling, open: n } };
}
