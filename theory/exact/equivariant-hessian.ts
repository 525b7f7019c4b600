import { exactRank } from './rank.js';

/** A k×k integer matrix, row: class, column: feature. */
export type IntegerMatrix = readonly (readonly number[])[];

/**
 * The linear maps of k×k matrices that commute with relabelling the classes together with their features are spanned by those of the
 * patterns of equality among (c, a, c′, a′): y_{ca} = Σ x_{c′a′} over all (c′, a′) that are to (c, a) as the pattern says. There are as many as orbits
 * of S_k on quadruples, 15 for k ≥ 4. Every population Hessian with the symmetry is a combination of them.
 */
export function equivariantMaps(k: number): ((X: IntegerMatrix) => number[][])[] {
  const range = indices(k);
  const patterns = new Map<string, [number, number, number, number][]>();
  for (const c of range) {
    for (const a of range) {
      for (const d of range) {
        for (const b of range) {
          const quadruple = [c, a, d, b] as [number, number, number, number];
          const pattern = quadruple.map((x) => quadruple.indexOf(x)).join('');
          const alike = patterns.get(pattern);
          if (alike === undefined) patterns.set(pattern, [quadruple]);
          else alike.push(quadruple);
        }
      }
    }
  }
  return [...patterns.values()].map((quadruples) => (X) => {
    const Y = range.map(() => new Array<number>(k).fill(0));
    for (const [c, a, d, b] of quadruples) Y[c]![a]! += X[d]![b]!;
    return Y;
  });
}

/** k times the part of X without the gauge: column means taken out. */
export function withoutGauge(k: number, X: IntegerMatrix): number[][] {
  const sums = indices(k).map((a) => X.reduce((sum, row) => sum + row[a]!, 0));
  return X.map((row) => row.map((x, a) => k * x - sums[a]!));
}

/** Spanning families of the irreps of S_k in the k×k matrices, integer. `standard(v)` gives both copies. */
export function sectorFamilies(
  k: number,
): Record<'trivial' | 'symmetric' | 'antisymmetric' | 'gauge', IntegerMatrix[]> {
  const pairs = indices(k).flatMap((i) =>
    indices(k)
      .filter((j) => j !== i)
      .map((j) => [i, j] as const),
  );
  const quadruples = pairs.flatMap(([i, j]) =>
    pairs.filter(([l, m]) => new Set([i, j, l, m]).size === 4).map(([l, m]) => [i, j, l, m] as const),
  );
  const triples = pairs.flatMap(([i, j]) =>
    indices(k)
      .filter((l) => l !== i && l !== j)
      .map((l) => [i, j, l] as const),
  );
  const from = (entries: readonly (readonly [number, number, number])[]): IntegerMatrix => {
    const matrix = Array.from({ length: k }, () => new Array<number>(k).fill(0));
    for (const [c, a, x] of entries) matrix[c]![a]! += x;
    return matrix;
  };
  const both = (i: number, j: number, x: number, mirrored: number) => [[i, j, x] as const, [j, i, mirrored] as const];
  return {
    trivial: [indices(k).map((c) => indices(k).map((a) => (c === a ? k - 1 : -1)))],
    symmetric: quadruples.map(([i, j, l, m]) =>
      from([...both(i, l, 1, 1), ...both(j, m, 1, 1), ...both(i, m, -1, -1), ...both(j, l, -1, -1)]),
    ),
    antisymmetric: triples.map(([i, j, l]) => from([...both(i, j, 1, -1), ...both(j, l, 1, -1), ...both(l, i, 1, -1)])),
    gauge: indices(k).map((f) => indices(k).map(() => indices(k).map((a) => (a === f ? 1 : 0)))),
  };
}

/** The two copies of the standard irrep for v = e_i − e_j: v 1ᵀ and k diag(v) − 1vᵀ. */
export function standardCopies(k: number, i: number, j: number): readonly [IntegerMatrix, IntegerMatrix] {
  const v = indices(k).map((c) => (c === i ? 1 : c === j ? -1 : 0));
  return [
    indices(k).map((c) => indices(k).map(() => v[c]!)),
    indices(k).map((c) => indices(k).map((a) => (c === a ? k * v[c]! : 0) - v[a]!)),
  ];
}

/** H X = λ X with one λ for the whole family, exactly? Entries are integers far below 2²⁶, so that their products are exact. */
export function isOneEigenspace(apply: (X: IntegerMatrix) => IntegerMatrix, family: readonly IntegerMatrix[]): boolean {
  let ratio: readonly [number, number] | undefined; // λ as a fraction
  return family.every((X) => {
    const [x, y] = [X.flat(), apply(X).flat()];
    const pivot = x.findIndex((entry) => entry !== 0);
    ratio ??= [y[pivot]!, x[pivot]!];
    const [numerator, denominator] = ratio;
    return y.every((entry, i) => Math.abs(entry) < 2 ** 26 && entry * denominator === numerator * x[i]!);
  });
}

/** Does H map both copies to combinations of them, with the same 2×2 matrix for every pair (i, j)? */
export function isStandardBlock(k: number, apply: (X: IntegerMatrix) => IntegerMatrix): boolean {
  return [0, 1].every((copy) => {
    let block: readonly [number, number] | undefined;
    return indices(k).every((i) =>
      indices(k).every((j) => {
        if (i === j) return true;
        const [first, second] = standardCopies(k, i, j);
        const image = apply(copy === 0 ? first : second);
        const other = indices(k).find((l) => l !== i && l !== j)!;
        block ??= [image[i]![other]!, -image[other]![i]!]; // entries where only one of the copies is non-zero
        const [x, y] = block;
        return image.every((row, c) => row.every((entry, a) => entry === x * first[c]![a]! + y * second[c]![a]!));
      }),
    );
  });
}

export function familyRank(family: readonly IntegerMatrix[]): number {
  return family.length === 0 ? 0 : exactRank(family.map((X) => X.flat().map(BigInt)));
}

function indices(k: number): number[] {
  return Array.from({ length: k }, (_, i) => i);
}
