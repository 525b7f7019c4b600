import { denseAt } from './linear-memory.js';
import { atOnce, type Pausing } from './pausing.js';
import { arrayVectors, broughtIn, overPieces, padded, type Vectors } from './vectors.js';

/**
 * C = XᵀY: `result[i * q + j]` = x_i · y_j for q dense vectors, stored one after the other. Sums are of float64, added in another order than in `dot`.
 * Cost: 2npq operations; for q = 1 the time that it takes to read X.
 */
export function* innerProductsWith(x: Vectors, y: Float64Array, q: number): Pausing<Float64Array> {
  const n = x.dimension;
  const c = new Float64Array(x.count * q);
  yield* overPieces(x, q, [0, n], ({ part, first, row, rows, from, length }) => {
    const { memory, precision } = part;
    const { address, stride } = part.place(first, rows, from, length);
    broughtIn(memory, y, q, n, from, length);
    const sums = new Float64Array(memory.buffer(), 0, rows * q).fill(0);
    const multiply = precision === 'f32' ? memory.kernels.multiplyF32 : memory.kernels.multiplyF64;
    const entries = padded(length);
    multiply(address, stride, rows, denseAt, 8 * entries, q, entries, 0);
    for (let i = 0; i < rows * q; i++) c[row * q + i]! += sums[i]!;
  });
  return c;
}

/** The same for p vectors X of length n in an array, one after the other. */
export function innerProducts(x: Float64Array, p: number, y: Float64Array, q: number, n: number): Float64Array {
  return atOnce(innerProductsProgram(x, p, y, q, n));
}

/** `innerProducts` with pauses. */
export function innerProductsProgram(
  x: Float64Array,
  p: number,
  y: Float64Array,
  q: number,
  n: number,
): Pausing<Float64Array> {
  return innerProductsWith(arrayVectors(x, p, n), y, q);
}

/** The Gram matrix XᵀX, p × p: each pair once. Cost: n p² operations. */
export function gramMatrix(x: Float64Array, p: number, n: number): Float64Array {
  return atOnce(gramProgram(x, p, n));
}

/** `gramMatrix` with pauses. */
export function* gramProgram(x: Float64Array, p: number, n: number): Pausing<Float64Array> {
  const gram = new Float64Array(p * p);
  for (let i = 0; i < p; i += 4) {
    const [rows, columns] = [Math.min(4, p - i), p - i];
    if (i > 0) yield;
    const right = x.subarray(i * n, (i + rows) * n);
    const strip = yield* innerProductsProgram(x.subarray(i * n, p * n), columns, right, rows, n);
    for (let a = 0; a < rows; a++) {
      for (let b = 0; b < columns; b++) gram[(i + a) * p + i + b] = gram[(i + b) * p + i + a] = strip[b * rows + a]!;
    }
  }
  return gram;
}
