import { copied, type Pausing } from '../kernels/pausing.js';

/**
 * A search space V of a symmetric operator A with its residual directions R: A V = V T + R C, where W = [V, R] is orthonormal.
 *
 * - `columns`: W, one vector after the other, room for `capacity`; V is the first `size` of them, R the next `open`.
 * - `projected`: H with A V = W H, so that T is its first `size` rows and C the next `open`; H_ij at `[i * capacity + j]`.
 * - `norm`: the largest ‖A q‖ seen of a unit vector q, a bound on ‖A‖ from below.
 *
 * Ritz pairs (θ, V y) with T y = θ y have the residual R C y, whose norm ‖C y‖ costs nothing of length n. A product of any unit
 * vector of R extends the relation (`absorb`), whichever it is; taking all of R each time is block Lanczos, and a rotation of R
 * beforehand (`bringForward`) spends the products where they are wanted. Krylov–Schur (Stewart 2001) in the symmetric case, which
 * is thick restart (Wu & Simon 2000).
 */
export interface KrylovSpace {
  readonly dimension: number;
  capacity: number;
  columns: Float64Array;
  projected: Float64Array;
  size: number;
  open: number;
  norm: number;
}

/** The rounding of inner products, and of products that are exact to double precision, over ‖A‖. */
export function roundingOf(dimension: number): number {
  return 10 * Math.sqrt(dimension) * Number.EPSILON;
}

export function krylovSpace(dimension: number, capacity: number): KrylovSpace {
  const columns = new Float64Array(dimension * capacity);
  return {
    dimension,
    capacity,
    columns,
    projected: new Float64Array(capacity ** 2),
    size: 0,
    open: 0,
    norm: 0,
  };
}

/** Makes room for more vectors. */
export function* enlarge(space: KrylovSpace, capacity: number): Pausing<void> {
  if (capacity <= space.capacity) return;
  const { columns, projected } = krylovSpace(space.dimension, capacity);
  yield* copied(space.columns.subarray(0, (space.size + space.open) * space.dimension), columns);
  for (let i = 0; i < space.capacity; i++) {
    projected.set(space.projected.subarray(i * space.capacity, (i + 1) * space.capacity), i * capacity);
  }
  Object.assign(space, { capacity, columns, projected });
}
