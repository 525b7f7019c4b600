import type { Precision } from '../kernels/float-array.js';
import { vectorStore, type VectorStore } from '../kernels/vector-store.js';

/**
 * A search space V of a symmetric operator A with its residual directions R: A V = V T + R C, where W = [V, R] is orthonormal.
 *
 * - `vectors`: W, room for `capacity`; V is the first `size` of them, R the next `open`. In single precision they are rounded as they join it, so that
 *   all this holds of W as it is stored, to that rounding; sums and H are of float64.
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
  readonly vectors: VectorStore;
  projected: Float64Array;
  size: number;
  open: number;
  norm: number;
  /** ‖Wᵀx − s‖ of a unit vector x = W s, the loss of orthogonality along it, once it has been measured. */
  orthogonality: number | undefined;
}

/** The spacing of numbers at 1. */
function spacing(precision: Precision): number {
  return precision === 'f32' ? 2 ** -23 : Number.EPSILON;
}

/**
 * The rounding of a search space over ‖A‖: of inner products, and of products that are exact to double precision; in single precision also of vectors that
 * are stored, each off by up to 2⁻²⁴ in relation and orthogonality, and several together.
 */
export function roundingOf(dimension: number, precision: Precision = 'f64'): number {
  return 10 * Math.sqrt(dimension) * Number.EPSILON + (precision === 'f32' ? 2 * spacing(precision) : 0);
}

/** What is left of a unit vector outside of W that may be nothing but rounding: that of a sum of n, or of what is stored. */
export function negligibleRest({ dimension, vectors }: KrylovSpace): number {
  return Math.max(dimension * Number.EPSILON, vectors.precision === 'f32' ? 2 * spacing('f32') : 0);
}

export function krylovSpace(dimension: number, capacity: number, precision: Precision = 'f64'): KrylovSpace {
  return {
    dimension,
    capacity,
    vectors: vectorStore(dimension, precision, capacity),
    projected: new Float64Array(capacity ** 2),
    size: 0,
    open: 0,
    norm: 0,
    orthogonality: undefined,
  };
}

/** Makes room for more vectors. */
export function enlarge(space: KrylovSpace, capacity: number): void {
  if (capacity <= space.capacity) return;
  space.vectors.reserve(capacity);
  const projected = new Float64Array(capacity ** 2);
  for (let i = 0; i < space.capacity; i++) {
    projected.set(space.projected.subarray(i * space.capacity, (i + 1) * space.capacity), i * capacity);
  }
  Object.assign(space, { capacity, projected });
}
