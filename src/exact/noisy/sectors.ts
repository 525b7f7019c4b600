import { helmertVector } from '../noiseless/helmert-basis.js';

/**
 * A k×k matrix (row: class, column: orthonormal feature of class a's mean) split by the irreps of S_k. With v ranging over the
 * vectors of zero sum:
 *   gauge 1 ⊗ g,   trivial τ B/√(k−1),   mean copy v 1ᵀ/√k,   difference copy √(k/(k−2)) (diag v − 1vᵀ/k − v1ᵀ/k),
 *   and what is left, of zero diagonal and zero row and column sums, symmetric or antisymmetric.
 */
export interface SectorParts {
  /** Coefficient of the unit vector B/√(k−1). */
  readonly trivial: number;
  /** Coefficients of the two standard copies: vectors v of zero sum, of the norm of the part. */
  readonly means: Float64Array;
  readonly differences: Float64Array;
  readonly symmetric: Float64Array;
  readonly antisymmetric: Float64Array;
}

/** Splits X, without its gauge part. Cost: O(k²). */
export function splitSectors(k: number, X: Float64Array): SectorParts {
  const Y = withoutColumnMeans(k, X);
  const trace = sum(k, (c) => Y[c * k + c]!);
  const rowSums = Float64Array.from({ length: k }, (_, c) => sum(k, (a) => Y[c * k + a]!));
  const means = rowSums.map((r) => r / Math.sqrt(k));
  const scale = k > 2 ? Math.sqrt(k / (k - 2)) : 0;
  const differences = rowSums.map((r, c) => scale * (Y[c * k + c]! - trace / k - r / k));
  const none = new Float64Array(k * k);
  const rest = joinSectors(k, {
    trivial: trace / Math.sqrt(k - 1),
    means,
    differences,
    symmetric: none,
    antisymmetric: none,
  });
  const half = (sign: number) =>
    rest.map((_, i) => {
      const j = (i % k) * k + Math.floor(i / k);
      return (Y[i]! - rest[i]! + sign * (Y[j]! - rest[j]!)) / 2;
    });
  return { trivial: trace / Math.sqrt(k - 1), means, differences, symmetric: half(1), antisymmetric: half(-1) };
}

/** The matrix with these parts. */
export function joinSectors(k: number, parts: SectorParts): Float64Array {
  const { trivial, means, differences, symmetric, antisymmetric } = parts;
  const scale = k > 2 ? Math.sqrt(k / (k - 2)) : 0;
  const X = new Float64Array(k * k);
  for (let c = 0; c < k; c++) {
    for (let a = 0; a < k; a++) {
      const diagonal = c === a ? 1 : 0;
      X[c * k + a] =
        (trivial * (diagonal - 1 / k)) / Math.sqrt(k - 1) +
        means[c]! / Math.sqrt(k) +
        scale * (diagonal * differences[c]! - differences[a]! / k - differences[c]! / k) +
        symmetric[c * k + a]! +
        antisymmetric[c * k + a]!;
    }
  }
  return X;
}

/** An orthonormal basis of antisymmetric matrices of zero row sums: (h_i h_jᵀ − h_j h_iᵀ)/√2 over Helmert's vectors. */
export function antisymmetricBasis(k: number): Float64Array[] {
  const h = helmert(k);
  return h.flatMap((x, i) =>
    h.slice(0, i).map((y) => outer(k, (c, a) => (x[c]! * y[a]! - y[c]! * x[a]!) / Math.SQRT2)),
  );
}

/** Spanning matrices of the symmetric sector, not orthonormal: products of Helmert's vectors with the diagonal taken out. */
export function symmetricSpan(k: number): Float64Array[] {
  const h = helmert(k);
  return h.flatMap((x, i) =>
    h.slice(0, i + 1).map(
      (y) =>
        splitSectors(
          k,
          outer(k, (c, a) => x[c]! * y[a]! + y[c]! * x[a]!),
        ).symmetric,
    ),
  );
}

export function helmert(k: number): Float64Array[] {
  return Array.from({ length: k - 1 }, (_, i) => helmertVector(k, i + 1));
}

function outer(k: number, entry: (c: number, a: number) => number): Float64Array {
  return Float64Array.from({ length: k * k }, (_, i) => entry(Math.floor(i / k), i % k));
}

function withoutColumnMeans(k: number, X: Float64Array): Float64Array {
  const mean = Float64Array.from({ length: k }, (_, a) => sum(k, (c) => X[c * k + a]!) / k);
  return X.map((x, i) => x - mean[i % k]!);
}

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}
