import { innerProducts, innerProductsWith } from '../kernels/inner-products.js';
import { atOnce } from '../kernels/pausing.js';
import type { KrylovSpace } from './krylov-space.js';
import type { SmallEigen } from '../kernels/small-symmetric-eigen.js';

/** Vᵀg of a vector g and a search space that grows: each new vector costs one inner product, and a restart none. */
export interface ProjectionTracker {
  readonly squaredNorm: number;
  extend(space: KrylovSpace): void;
  restart(ritz: SmallEigen, keep: number): void;
  /** y_i · g of the first `count` Ritz vectors. */
  coefficients(ritz: SmallEigen, count: number): Float64Array;
}

/** A tracker that does nothing where there is no g. */
export function projectionTracker(n: number, g: Float64Array | undefined): ProjectionTracker {
  let along: number[] = [];
  const coefficients = (ritz: SmallEigen, count: number): Float64Array => {
    const size = ritz.values.length;
    return Float64Array.from({ length: count }, (_, j) =>
      along.reduce((sum, x, i) => sum + x * ritz.vectors[j * size + i]!, 0),
    );
  };
  return {
    squaredNorm: g === undefined ? 0 : innerProducts(g, 1, g, 1, n)[0]!,
    extend({ vectors, size }) {
      if (g === undefined) return;
      along.push(...atOnce(innerProductsWith(vectors.part(along.length, size - along.length), g, 1)));
    },
    restart(ritz, keep) {
      if (g !== undefined) along = [...coefficients(ritz, keep)];
    },
    coefficients,
  };
}
