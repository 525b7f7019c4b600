/** Row n (n = 1 … size − 1) of Helmert's orthonormal basis of the vectors of zero sum: (1, …, 1, −n, 0, …, 0)/√(n(n+1)). */
export function helmertVector(size: number, n: number): Float64Array {
  const scale = 1 / Math.sqrt(n * (n + 1));
  const vector = new Float64Array(size).fill(scale, 0, n);
  vector[n] = -n * scale;
  return vector;
}
