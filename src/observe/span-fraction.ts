import { NumericalError, UsageError } from '../errors.js';
import { dot, orthonormalise } from '../numeric/kernels/orthonormalise.js';
import { unitScaled } from '../numeric/kernels/unit-scale.js';
import { squaredNorm } from './squared-norm.js';

/** A vector that is less than this of its length away from the span of those before it is taken to lie in it. */
const dependent = 1e-10;

/** An orthonormal basis of the span of some vectors. */
export interface Span {
  readonly dimension: number;
  /** Number of its vectors: the rank. */
  readonly rank: number;
  /** One vector after the other. */
  readonly vectors: Float64Array;
}

/**
 * An orthonormal basis of the span of vectors, each scaled to unit length first; those that are zero, or depend on the others, add nothing. Throws UsageError without vectors or where
 * their lengths differ, NumericalError for numbers that are not finite. Cost: O(vectors² · dimension).
 */
export function spanOf(vectors: readonly Float64Array[]): Span {
  const n = vectors[0]?.length ?? 0;
  if (n === 0 || vectors.some(({ length }) => length !== n)) {
    throw new UsageError(
      `a span is that of vectors of one length, received lengths ${vectors.map(({ length }) => length).join(', ') || 'of none'}`,
    );
  }
  const data = new Float64Array(n * vectors.length);
  vectors.forEach((vector, i) => {
    const x = unitScaled(vector);
    const length = Math.sqrt(squaredNorm(x));
    if (!Number.isFinite(length)) throw new NumericalError(`vector ${i + 1} of a span has numbers that are not finite`);
    if (length > 0)
      data.set(
        x.map((value) => value / length),
        i * n,
      );
  });
  const none = { dimension: n, data: new Float64Array(0), count: 0 };
  const found = orthonormalise({ dimension: n, data, count: vectors.length }, none, dependent);
  return { dimension: n, rank: found.count, vectors: found.data };
}

/**
 * ‖P x‖²/‖x‖² with P on a span: rank/dimension on average for a direction that has nothing to do with it. Throws UsageError where lengths differ, NumericalError if x = 0. Cost:
 * O(rank · dimension).
 */
export function spanFraction(vector: Float64Array, { dimension: n, rank, vectors }: Span): number {
  if (vector.length !== n) {
    throw new UsageError(`the vector must have the ${n} coordinates of the span, received ${vector.length}`);
  }
  const x = unitScaled(vector);
  const total = squaredNorm(x);
  if (!(total > 0)) throw new NumericalError('the vector is zero (or not a number): it has no share in a span');
  let inside = 0;
  for (let i = 0; i < rank; i++) inside += dot(vectors, i * n, x, 0, n) ** 2;
  return Math.min(1, inside / total);
}
