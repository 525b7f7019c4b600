import { symmetricEigen } from './jacobi.js';
import { collisions, type Collision, type Collisions } from './collisions.js';

/** A level over Ω, and for the standard ones the block it belongs to. */
export interface ReferenceLevel {
  readonly sector: string;
  readonly ratio: number;
  readonly multiplicity: number;
}

export interface ReferencePoint {
  readonly classes: number;
  readonly noise: number;
  readonly margin: number;
  readonly correlation?: number;
  readonly bias?: boolean;
}

/**
 * A linear map X of features to logits, by the kinds of classes it tells apart: (Xu)_c = constant(c) + Σ_i entry(c, i, c = i) u_i.
 * `kinds`: how many classes there are of each.
 */
interface TestMatrix {
  readonly entry: (c: number, i: number, same: boolean) => number;
  readonly constant: (c: number) => number;
}

/**
 * (1/k) Σ_y Σ_{c<c′} E[p_c p_c′ ((Xu)_c − (Xu)_c′) ((Yu)_c − (Yu)_c′)] for all X, Y of a list, over Ω: straight from the definition of the
 * Hessian, class by class. Given τ features are independent: E (r·u)(q·u) = (r·M)(q·M) + Σ r_i q_i V_i.
 */
function form(k: number, kinds: readonly number[], matrices: readonly TestMatrix[], at: Collisions): number[][] {
  const most = Math.max(at.withTrue.log, at.ofOthers?.log ?? -Infinity);
  const weight = (collision: Collision): number => Math.exp(collision.log - most);
  const unit = 2 * weight(at.withTrue) + (at.ofOthers ? (k - 2) * weight(at.ofOthers) : 0);
  const result = matrices.map(() => matrices.map(() => 0));
  /** Classes of each role: the true one, those of the pair, and counts of the others by kind. */
  const add = (count: number, y: number, pair: readonly [number, number], trueInPair: boolean): void => {
    if (count <= 0) return;
    const collision = trueInPair ? at.withTrue : at.ofOthers!;
    const rests = kinds.map((n, kind) => n - (y === kind ? 1 : 0) - pair.filter((c) => c === kind).length);
    const [c, d] = pair;
    if (trueInPair) rests[c]! += 1; // the true class was counted twice
    // Roles 0: true, 1: of the pair, 2: others. Entries of every row difference: coefficient sums and sums of squares per role.
    const rows = matrices.map(({ entry, constant }) => {
      const singles: [role: number, copies: number, r: number][] = [];
      const inC = (i: number, which: 'c' | 'd' | 'other'): number =>
        entry(c, i, which === 'c') - entry(d, i, which === 'd');
      singles.push([trueInPair ? 0 : 1, 1, inC(c, 'c')], [1, 1, inC(d, 'd')]);
      if (!trueInPair) singles.push([0, 1, inC(y, 'other')]);
      rests.forEach((n, kind) => {
        if (n > 0) singles.push([2, n, inC(kind, 'other')]);
      });
      return { singles, shift: constant(c) - constant(d) };
    });
    const scale = (count * weight(collision)) / (k * unit);
    rows.forEach((x, a) => {
      rows.forEach((z, b) => {
        let value = x.shift * z.shift;
        for (const [role, n, r] of x.singles) value += n * r * z.shift * collision.means[role]!;
        for (const [role, n, r] of z.singles) value += n * r * x.shift * collision.means[role]!;
        x.singles.forEach(([role, n, r], i) => {
          value += n * r * z.singles[i]![2] * collision.variances[role]!;
          for (const [other, m, q] of z.singles) value += n * r * m * q * collision.products[role]![other]!;
        });
        result[a]![b]! += scale * value;
      });
    });
  };
  const all = kinds.map((_, kind) => kind);
  for (const y of all) {
    const left = kinds.map((n, kind) => n - (kind === y ? 1 : 0));
    for (const c of all) {
      add(kinds[y]! * left[c]!, y, [y, c], true);
      if (at.ofOthers === undefined) continue;
      for (const d of all) {
        if (d > c) add(kinds[y]! * left[c]! * left[d]!, y, [c, d], false);
        if (d === c) add((kinds[y]! * left[c]! * (left[c]! - 1)) / 2, y, [c, d], false);
      }
    }
  }
  return result;
}

const none = (): number => 0;

/** A matrix given by a few entries among the first classes, and 0 elsewhere. */
function sparse(entries: readonly (readonly [number, number, number])[]): TestMatrix {
  return {
    entry: (c, i, same) => (same ? 0 : (entries.find(([row, column]) => row === c && column === i)?.[2] ?? 0)),
    constant: none,
  };
}

/**
 * λ/Ω in every sector, from one test matrix of each and the block of the standard copies. Equiangular means: with ν_a = μ_a − m̄,
 * ν_a·x = s² (u_a − ū) in law at noise σ/s and margin αs², and m̄·x/‖m̄‖ = b + σζ with ζ independent of the logits; a bias is a constant feature.
 */
export function referenceLevels(point: ReferencePoint, dim: number): ReferenceLevel[] {
  const { classes: k, noise, correlation: rho = 0, bias = false } = point;
  const s = Math.sqrt(1 - rho);
  const b = Math.sqrt(Math.max(0, (1 + (k - 1) * rho) / k));
  const at = collisions(k, noise / s, point.margin * s ** 2);
  const one = (kinds: readonly number[], matrix: TestMatrix, norm2: number): number =>
    (s ** 2 * form(k, kinds, [matrix], at)[0]![0]!) / norm2;
  const B: TestMatrix = { entry: (_, __, same) => (same ? 1 : 0) - 1 / k, constant: none };
  const cycle = sparse([
    [0, 1, 1],
    [1, 2, 1],
    [2, 0, 1],
    [1, 0, -1],
    [2, 1, -1],
    [0, 2, -1],
  ]);
  const square = sparse([
    [0, 2, 1],
    [2, 0, 1],
    [1, 3, 1],
    [3, 1, 1],
    [0, 3, -1],
    [3, 0, -1],
    [1, 2, -1],
    [2, 1, -1],
  ]);
  const standard = standardBlock(k, at, { b, s, noise, bias });
  const { values } = symmetricEigen(standard);
  const names = values.length === 3 ? ['standard+', 'standard0', 'standard-'] : ['standard+', 'standard-'];
  return [
    { sector: 'trivial', ratio: one([k], B, k - 1), multiplicity: 1 },
    ...values.map((ratio, i) => ({ sector: names[i]!, ratio, multiplicity: k - 1 })),
    ...(k > 3
      ? [{ sector: 'symmetric', ratio: one([1, 1, 1, 1, k - 4], square, 8), multiplicity: (k * (k - 3)) / 2 }]
      : []),
    ...(k > 2
      ? [
          {
            sector: 'antisymmetric',
            ratio: one([1, 1, 1, k - 3], cycle, 6),
            multiplicity: ((k - 1) * (k - 2)) / 2,
          },
        ]
      : []),
    ...(dim > k ? [{ sector: 'bulk', ratio: noise ** 2, multiplicity: (k - 1) * (dim - k) }] : []),
    { sector: 'gauge', ratio: 0, multiplicity: dim + (bias ? 1 : 0) },
  ];
}

/** v = e_0 − e_1: copies v ⊗ m̄/b, v_a e_a ν_aᵀ/s without its gauge part (of squared norm ‖v‖² (k − 2)/k), and v ⊗ the constant. */
export function standardBlock(
  k: number,
  at: Collisions,
  { b, s, noise, bias }: { readonly b: number; readonly s: number; readonly noise: number; readonly bias: boolean },
): number[][] {
  const v = [1, -1, 0];
  const constant: TestMatrix = { entry: none, constant: (c) => v[c]! };
  const own: TestMatrix = { entry: (c, _, same) => v[c]! * ((same ? 1 : 0) - 1 / k), constant: none };
  const [[S, C], [, D]] = form(k, [1, 1, k - 2], [constant, own], at) as [[number, number], [number, number]];
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

/** log Ω, Ω = E(1 − ‖p‖²)/(k−1) = 2 E p_0p_1 + (k−2) E p_1p_2. */
export function logUnit(k: number, at: Collisions): number {
  const others = at.ofOthers === undefined ? 0 : (k - 2) * Math.exp(at.ofOthers.log - at.withTrue.log);
  return at.withTrue.log + Math.log(2 + others);
}
