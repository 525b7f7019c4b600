import type { KrylovSpace } from './krylov-space.js';
import { smallSymmetricEigen } from './small-symmetric-eigen.js';
import type { Witness } from './witness.js';

/**
 * Bounds on the eigenvalues of A from above, λ_j ≤ ceilings[j − 1] for j = 1 … count, given that A on the complement of Y has none above ν.
 *
 * With A Y = Y T + D, D orthogonal to Y, A is [[T, Dᵀ], [D, B]] with B ≤ ν, so that A ≤ M = [[T, S], [S, ν]] ⊕ ν with S = (DᵀD)^½, and
 * λ_j(A) ≤ λ_j(M) (Courant & Fischer) for all j at once, multiplicities counted. A Ritz vector of residual r has a ceiling of about
 * θ + r²/(θ − ν). Where the projected matrix is known up to a perturbation of norm `rounding`, that is added.
 * Cost: O(known³), once O(size² · known).
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
  const { t, s } = (witness.projection ??= projection(space, witness.basis, known));
  const bound = new Float64Array(4 * known * known);
  for (let i = 0; i < known; i++) {
    bound[(known + i) * (2 * known + 1)] = nu;
    for (let j = 0; j < known; j++) {
      bound[i * 2 * known + j] = t[i * known + j]!;
      bound[i * 2 * known + known + j] = bound[(known + i) * 2 * known + j] = s[i * known + j]!;
    }
  }
  const { values } = smallSymmetricEigen(bound, 2 * known);
  return Float64Array.from({ length: count }, (_, j) => Math.max(values[j] ?? nu, nu) + rounding);
}

/** T = YᵀAY and S = (DᵀD)^½ with D = A Y − Y T, from A V = W H, in which A Y is known as soon as Y has been multiplied. */
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
  const s = Float64Array.from({ length: known * known }, (_, at) => {
    const [i, j] = [Math.floor(at / known), at % known];
    let sum = 0;
    for (let l = 0; l < known; l++)
      sum += Math.sqrt(Math.max(0, values[l]!)) * vectors[l * known + i]! * vectors[l * known + j]!;
    return sum;
  });
  return { t, s };
}
