import type { TestMatrix } from './test-matrices.js';

/** A symmetric form on pairs of test matrices, with the kinds of classes that they tell apart. */
export type Form = (kinds: readonly number[], matrices: readonly TestMatrix[]) => number[][];

export interface Means {
  /** ‖m̄‖, and s = √(1 − ρ). */
  readonly b: number;
  readonly s: number;
  readonly noise: number;
  readonly bias: boolean;
}

const none = (): number => 0;

/** A matrix given by a few entries among the first classes, and 0 elsewhere. */
function sparse(entries: readonly (readonly [number, number, number])[]): TestMatrix {
  return {
    entry: (c, i, same) => (same ? 0 : (entries.find(([row, column]) => row === c && column === i)?.[2] ?? 0)),
    constant: none,
  };
}

const antisymmetric = sparse([
  [0, 1, 1],
  [1, 2, 1],
  [2, 0, 1],
  [1, 0, -1],
  [2, 1, -1],
  [0, 2, -1],
]);
const symmetric = sparse([
  [0, 2, 1],
  [2, 0, 1],
  [1, 3, 1],
  [3, 1, 1],
  [0, 3, -1],
  [3, 0, -1],
  [1, 2, -1],
  [2, 1, -1],
]);

/** The form's value on a unit matrix of each sector that occurs once; those that k classes do not have are left out. */
export function singleSectors(k: number, form: Form, { s }: Means): Record<string, number> {
  const one = (kinds: readonly number[], matrix: TestMatrix, norm2: number): number =>
    (s ** 2 * form(kinds, [matrix])[0]![0]!) / norm2;
  const B: TestMatrix = { entry: (_, __, same) => (same ? 1 : 0) - 1 / k, constant: none };
  return {
    trivial: one([k], B, k - 1),
    ...(k > 3 ? { symmetric: one([1, 1, 1, 1, k - 4], symmetric, 8) } : {}),
    ...(k > 2 ? { antisymmetric: one([1, 1, 1, k - 3], antisymmetric, 6) } : {}),
  };
}

/**
 * The form on the standard copies, v = e_0 − e_1: v ⊗ m̄/b, v_a e_a ν_aᵀ/s without its gauge part (of squared norm ‖v‖² (k − 2)/k), and v ⊗ the constant. The
 * feature along m̄ is b + σζ with ζ independent of the logits.
 */
export function standardSector(k: number, form: Form, { b, s, noise, bias }: Means): number[][] {
  const v = [1, -1, 0];
  const constant: TestMatrix = { entry: none, constant: (c) => v[c]! };
  const own: TestMatrix = { entry: (c, _, same) => v[c]! * ((same ? 1 : 0) - 1 / k), constant: none };
  const [[S, C], [, D]] = form([1, 1, k - 2], [constant, own]) as [[number, number], [number, number]];
  const normOwn = Math.sqrt((2 * (k - 2)) / k);
  const cross = k > 2 ? (s * C) / (Math.SQRT2 * normOwn) : 0;
  const full = [
    [(S / 2) * (b ** 2 + noise ** 2), b * cross, (S / 2) * b],
    [b * cross, k > 2 ? (s ** 2 * D) / normOwn ** 2 : 0, cross],
    [(S / 2) * b, cross, S / 2],
  ];
  const copies = [0, ...(k > 2 ? [1] : []), ...(bias ? [2] : [])];
  return copies.map((i) => copies.map((j) => full[i]![j]!));
}

export const sectorDimension = (sector: string, k: number, dim: number, bias: boolean): number =>
  ({
    trivial: 1,
    symmetric: (k * (k - 3)) / 2,
    antisymmetric: ((k - 1) * (k - 2)) / 2,
    bulk: (k - 1) * (dim - k),
    gauge: dim + (bias ? 1 : 0),
  })[sector] ?? k - 1;
