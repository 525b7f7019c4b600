import { NumericalError, UsageError } from '../errors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import { gramMatrix } from '../numeric/kernels/inner-products.js';
import { unitFactor, unitScaled } from '../numeric/kernels/unit-scale.js';

/**
 * Over how many coordinates a vector is spread: (Σg_i²)²/Σg_i⁴, between 1 (along one axis) and its length D (all |g_i| equal). It depends on the coordinates; an i.i.d. Gaussian g has
 * about D/3, `gaussianCoordinateNull`.
 *
 * Throws NumericalError for the zero vector, or one that is not finite. Cost: O(D).
 */
export function coordinateDimension(vector: FloatArray): number {
  const factor = unitFactor(vector); // fourth powers neither over- nor underflow
  let [squares, fourths] = [0, 0];
  for (const x of vector) {
    const square = (factor * x) ** 2;
    squares += square;
    fourths += square ** 2;
  }
  if (!(fourths > 0 && fourths < Infinity))
    throw new NumericalError('a vector that is zero (or not finite) is spread over no coordinates');
  return squares ** 2 / fourths;
}

/** Tr K and Tr K² = Σ K_ij² of the Gram matrix K_ij = x_i · x_j of vectors. */
export interface GramMoments {
  readonly trace: number;
  readonly squares: number;
}

/** `centred`: of the vectors less their mean. */
export interface SetOptions {
  readonly centred?: boolean;
}

/**
 * How many dimensions a set of n vectors has: the participation ratio of the eigenvalues of its Gram matrix, (Tr K)²/Tr K². Between 1 (all parallel) and n (orthogonal and equally long), n − 1 if
 * centred. Gradients of samples or batches give a dimension over samples, those of successive steps, or the steps themselves, one over time; an i.i.d. Gaussian set has `gaussianSetNull`.
 *
 * Throws UsageError for fewer than two vectors or different lengths, NumericalError where all are zero, or equal if centred, or not finite. Cost: n²D operations, memory for n D numbers.
 */
export function setDimension(vectors: readonly FloatArray[], { centred = false }: SetOptions = {}): number {
  const { trace, squares } = momentsOf(joinedVectors(vectors, centred), vectors.length, true);
  if (!(squares > 0 && squares < Infinity)) {
    throw new NumericalError(`vectors that are all ${centred ? 'equal' : 'zero'} (or not finite) have no dimension`);
  }
  return trace ** 2 / squares;
}

/** The two moments themselves, whose means over many sets are known where that of their ratio is not. Throws UsageError and costs as setDimension; not protected from under- and overflow. */
export function gramMoments(vectors: readonly FloatArray[], { centred = false }: SetOptions = {}): GramMoments {
  return momentsOf(joinedVectors(vectors, centred), vectors.length, false);
}

function momentsOf(joined: Float64Array, n: number, isScaled: boolean): GramMoments {
  const gram = gramMatrix(isScaled ? unitScaled(joined) : joined, n, joined.length / n); // no eigenproblem: Tr K² is the sum of squares
  let [trace, squares] = [0, 0];
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  for (const entry of gram) squares += entry ** 2;
  return { trace, squares };
}

/** One after the other, less their mean if centred. */
function joinedVectors(vectors: readonly FloatArray[], centred: boolean): Float64Array {
  const [n, length] = [vectors.length, vectors[0]?.length ?? 0];
  if (n < 2) throw new UsageError(`the dimension of a set needs at least 2 vectors, received ${n}`);
  if (vectors.some((vector) => vector.length !== length)) {
    throw new UsageError(`vectors must have one length, received ${vectors.map((vector) => vector.length).join(', ')}`);
  }
  const joined = new Float64Array(n * length);
  for (const [i, vector] of vectors.entries()) joined.set(vector, i * length);
  for (let j = 0; j < length && centred; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += joined[i * length + j]!;
    for (let i = 0; i < n; i++) joined[i * length + j]! -= sum / n;
  }
  return joined;
}
