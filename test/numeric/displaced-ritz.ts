import { randomStream } from '../../src/numeric/random.js';
import { smallSymmetricEigen } from '../../src/numeric/small-symmetric-eigen.js';
import type { SymmetricOperator } from '../../src/numeric/symmetric-operator.js';
import { residualNorms } from '../../src/numeric/true-residuals.js';

/** Ritz pairs of the span of the top k eigenvectors, each displaced by about `size`: nothing overlooked, little converged. */
export function displacedRitz(operator: SymmetricOperator, exact: Float64Array, k: number, size: number, seed: number) {
  const n = operator.dimension;
  const stream = randomStream(seed, 'displacement');
  const basis: Float64Array[] = [];
  for (let j = 0; j < k; j++) {
    const v = exact.slice(j * n, (j + 1) * n).map((x) => x + (size * stream.normal()) / Math.sqrt(n));
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const inner = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
        v.forEach((x, i) => (v[i] = x - inner * u[i]!));
      }
    }
    const norm = Math.hypot(...v);
    basis.push(v.map((x) => x / norm));
  }
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
