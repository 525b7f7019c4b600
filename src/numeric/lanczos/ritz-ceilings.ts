import type { KrylovSpace } from './krylov-space.js';
import { smallSymmetricEigen } from '../kernels/small-symmetric-eigen.js';
import type { Witness } from './witness.js';

/**
 * Bounds on the eigenvalues of A from above, λ_j ≤ ceilings[j − 1] for j = 1 … count, given that A on the complement of Y has none above ν.
 *
 * With A Y = Y T + D, D orthogonal to Y, A is [[T, Dᵀ], [D, B]] with B ≤ ν, so that A ≤ M = [[T, Sᵀ], [S, ν]] ⊕ ν, D = Q S with orthonormal Q,
 * and λ_j(A) ≤ λ_j(M) (Courant & Fischer) for all j at once, multiplicities counted. A Ritz vector of residual r has a ceiling of about
 * θ + r²/(θ − ν). Where the projected matrix is known up to a perturbation of norm `rounding`, that is added; singular values of D below it are
 * left out of S, and the largest of them is added too.
 * Cost: O((known + rank)³), once O(size² · known).
 */
export function ritzCeilings(
  space: KrylovSpace,
  witness: Witness,
  nu: number,
  count: number,
  rounding: number,
): Float64Array {
  const { known } = witness;
  if (nu === Infinity) return new Float64Array(count).fill(Infinity);
  if (known === 0) return new Float64Array(count).fill(nu + rounding);
  const { t, singular, directions } = (witness.projection ??= projection(space, witness.basis, known));
  const rank = singular.findIndex((sigma) => !(sigma > rounding));
  const kept = rank < 0 ? known : rank;
  const order = known + kept;
  const bound = new Float64Array(order * order);
  for (let i = 0; i < known; i++) bound.set(t.subarray(i * known, (i + 1) * known), i * order);
  for (let a = 0; a < kept; a++) {
    bound[(known + a) * (order + 1)] = nu;
    for (let i = 0; i < known; i++) {
      const s = singular[a]! * directions[a * known + i]!;
      bound[(known + a) * order + i] = bound[i * order + known + a] = s;
    }
  }
  const { values } = smallSymmetricEigen(bound, order);
  const error = rounding + (singular[kept] ?? 0);
  return Float64Array.from({ length: count }, (_, j) => Math.max(values[j] ?? nu, nu) + error);
}

/** T = YᵀAY, and of D = A Y − Y T the singular values, descending, and right singular vectors; from A V = W H, known as soon as Y has been multiplied. */
function projection(
  { size, open, capacity, projected }: KrylovSpace,
  basis: Float64Array,
  known: number,
): NonNullable<Witness['projection']> {
  const length = basis.length / known;
  const columns = Array.from({ length: known }, (_, j) => basis.subarray(j * length, (j + 1) * length));
  const moved = columns.map((y) =>
    Float64Array.from({ length: size + open }, (_, i) => {
      let sum = 0;
      for (let l = 0; l < length; l++) sum += projected[i * capacity + l]! * y[l]!;
      return sum;
    }),
  );
  const product = (x: Float64Array, y: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
    return sum;
  };
  const t = Float64Array.from({ length: known * known }, (_, at) =>
    product(columns[Math.floor(at / known)]!, moved[at % known]!),
  );
  moved.forEach((d, j) => {
    columns.forEach((y, i) => {
      const along = t[i * known + j]!;
      for (let l = 0; l < length; l++) d[l]! -= along * y[l]!;
    });
  });
  const gram = Float64Array.from({ length: known * known }, (_, at) =>
    product(moved[Math.floor(at / known)]!, moved[at % known]!),
  );
  const { values, vectors } = smallSymmetricEigen(gram, known);
  return { t, singular: values.map((square) => Math.sqrt(Math.max(0, square))), directions: vectors };
}
