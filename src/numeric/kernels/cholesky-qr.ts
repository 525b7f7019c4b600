import { addCombinationsProgram } from './add-combinations.js';
import { gramProgram } from './inner-products.js';
import type { Pausing } from './pausing.js';

/** X = Q R: Q orthonormal, R upper triangular with R_ij at `[i * count + j]`. */
export interface QrFactors {
  readonly q: Float64Array;
  readonly r: Float64Array;
  /** The smallest part of a vector, by norm, that is orthogonal to those before it: Q is orthonormal to about eps / pivot². */
  readonly pivot: number;
}

/**
 * QR decomposition of `count` vectors of length n, stored one after the other, from the Cholesky factor of their Gram matrix after
 * scaling to unit length (Stathopoulos & Wu 2002). Two passes of fast kernels, where Gram–Schmidt is one vector at a time;
 * undefined where the pivot is below 1e-6, which the Gram matrix cannot resolve. Cost: 2n · count².
 */
export function* choleskyQr(x: Float64Array, count: number, n: number): Pausing<QrFactors | undefined> {
  const gram = yield* gramProgram(x, count, n);
  const norms = Float64Array.from({ length: count }, (_, j) => Math.sqrt(gram[j * count + j]!));
  const r = new Float64Array(count * count);
  let pivot = 1;
  for (let j = 0; j < count; j++) {
    for (let i = 0; i <= j; i++) {
      let rest = gram[i * count + j]! / (norms[i]! * norms[j]!);
      for (let l = 0; l < i; l++) rest -= r[l * count + i]! * r[l * count + j]!;
      r[i * count + j] = i < j ? rest / r[i * count + i]! : Math.sqrt(rest);
    }
    pivot = Math.min(pivot, r[j * count + j]!);
    if (!(pivot > 1e-6)) return undefined;
  }
  const q = new Float64Array(n * count);
  yield* addCombinationsProgram(x, count, inverse(r, norms, count), q, count, n);
  for (let i = 0; i < count; i++) for (let j = i; j < count; j++) r[i * count + j]! *= norms[j]!;
  return { q, r, pivot };
}

/** (R diag(norms))⁻¹, upper triangular. */
function inverse(r: Float64Array, norms: Float64Array, count: number): Float64Array {
  const result = new Float64Array(count * count);
  for (let j = 0; j < count; j++) {
    for (let i = j; i >= 0; i--) {
      let rest = i === j ? 1 : 0;
      for (let l = i + 1; l <= j; l++) rest -= r[i * count + l]! * result[l * count + j]!;
      result[i * count + j] = rest / r[i * count + i]!;
    }
  }
  for (let i = 0; i < count; i++) for (let j = i; j < count; j++) result[i * count + j]! /= norms[i]!;
  return result;
}
