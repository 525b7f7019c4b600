import { breath, type Pausing } from '../kernels/pausing.js';
import type { KrylovSpace } from './krylov-space.js';
import { symmetricEigenProgram, symmetricValuesProgram } from '../kernels/small-symmetric-eigen.js';
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
export function* ritzCeilings(
  space: KrylovSpace,
  witness: Witness,
  nu: number,
  count: number,
  rounding: number,
): Pausing<Float64Array> {
  const { known } = witness;
  if (nu === Infinity) return new Float64Array(count).fill(Infinity);
  if (known === 0) return new Float64Array(count).fill(nu + rounding);
  const { t, singular, directions } = (witness.projection ??= yield* projection(space, witness.basis, known));
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
  const values = yield* symmetricValuesProgram(bound, order);
  const error = rounding + (singular[kept] ?? 0);
  return Float64Array.from({ length: count }, (_, j) => Math.max(values[j] ?? nu, nu) + error);
}

/** T = YᵀAY, and of D = A Y − Y T the singular values, descending, and right singular vectors; from A V = W H, known as soon as Y has been multiplied. */
function* projection(
  { size, open, capacity, projected }: KrylovSpace,
  basis: Float64Array,
  known: number,
): Pausing<NonNullable<Witness['projection']>> {
  const length = basis.length / known;
  const columns = Array.from({ length: known }, (_, j) => basis.subarray(j * length, (j + 1) * length));
  const together = Math.max(1, Math.floor(breath / (length * (size + open))));
  const moved: Float64Array[] = [];
  for (const y of columns) {
    if (moved.length % together === together - 1) yield;
    moved.push(
      Float64Array.from({ length: size + open }, (_, i) => {
        let sum = 0;
        for (let l = 0; l < length; l++) sum += projected[i * capacity + l]! * y[l]!;
        return sum;
      }),
    );
  }
  const product = (x: Float64Array, y: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
    return sum;
  };
  const products = function* (left: readonly Float64Array[]): Pausing<Float64Array> {
    const result = new Float64Array(known * known);
    for (let i = 0; i < known; i++) {
      if (i % together === together - 1) yield;
      for (let j = 0; j < known; j++) result[i * known + j] = product(left[i]!, moved[j]!);
    }
    return result;
  };
  const t = yield* products(columns);
  for (const [j, d] of moved.entries()) {
    if (j % together === together - 1) yield;
    columns.forEach((y, i) => {
      const along = t[i * known + j]!;
      for (let l = 0; l < length; l++) d[l]! -= along * y[l]!;
    });
  }
  const { values, vectors } = yield* symmetricEigenProgram(yield* products(moved), known);
  return { t, singular: values.map((square) => Math.sqrt(Math.max(0, square))), directions: vectors };
}
