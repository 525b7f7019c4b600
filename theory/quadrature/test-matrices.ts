import type { Collision } from './collisions.js';

/**
 * A linear map X of features to logits, by the kinds of classes it tells apart: (Xu)_c = constant(c) + Σ_i entry(c, i, c = i) u_i.
 * `kinds`: how many classes there are of each.
 */
export interface TestMatrix {
  readonly entry: (c: number, i: number, same: boolean) => number;
  readonly constant: (c: number) => number;
}

/**
 * One kind of term of a form: Σ over distinct classes of E p p′ ((Xu)_a − (Xu)_b) ((Yu)_c − (Yu)_d), where `roles` are those of the classes that
 * are singled out (0: the true one, 1: of the pair p p′) and [a, b], [c, d] of `rows` say which of them are subtracted.
 */
export interface Term {
  readonly collision: Collision | undefined;
  readonly roles: readonly number[];
  readonly rows: readonly [readonly [number, number], readonly [number, number]];
  readonly factor: number;
}

/** (1/k) times the sum of the terms for all X, Y of a list, in units of e^`logUnit`: straight from the definition, class by class. */
export function formOf(
  terms: readonly Term[],
  logUnit: number,
  kinds: readonly number[],
  matrices: readonly TestMatrix[],
): number[][] {
  const k = kinds.reduce((sum, n) => sum + n, 0);
  const result = matrices.map(() => matrices.map(() => 0));
  for (const { collision, roles, rows, factor } of terms) {
    if (collision === undefined) continue;
    const weight = (factor / k) * Math.exp(collision.log - logUnit);
    for (const { count, chosen, left } of choices(kinds, roles.length)) {
      const classes = [
        ...chosen.map((kind, i) => ({ kind, copies: 1, role: roles[i]! })),
        ...left.map((copies, kind) => ({ kind, copies, role: 2 })),
      ];
      const [first, second] = rows.map((row) => matrices.map((matrix) => difference(matrix, classes, row)));
      first!.forEach((x, a) => {
        second!.forEach((y, b) => (result[a]![b]! += weight * count * averageProduct(collision, classes, x, y)));
      });
    }
  }
  return result;
}

/** Classes that are alike: their kind, their number, their role. */
interface Alike {
  readonly kind: number;
  readonly copies: number;
  readonly role: number;
}

/** The kinds of n classes one after the other, in how many ways, and how many classes of each kind are left. */
function choices(
  kinds: readonly number[],
  n: number,
): { readonly count: number; readonly chosen: readonly number[]; readonly left: readonly number[] }[] {
  if (n === 0) return [{ count: 1, chosen: [], left: kinds }];
  return choices(kinds, n - 1).flatMap(({ count, chosen, left }) =>
    left.flatMap((copies, kind) =>
      copies > 0
        ? [{ count: count * copies, chosen: [...chosen, kind], left: left.map((m, i) => (i === kind ? m - 1 : m)) }]
        : [],
    ),
  );
}

/** (Xu)_a − (Xu)_b = Σ r_i u_i + shift. */
interface Difference {
  readonly r: readonly number[];
  readonly shift: number;
}

function difference(
  { entry, constant }: TestMatrix,
  classes: readonly Alike[],
  [a, b]: readonly [number, number],
): Difference {
  const [{ kind: upper }, { kind: lower }] = [classes[a]!, classes[b]!];
  return {
    r: classes.map(({ kind }, i) => entry(upper, kind, i === a) - entry(lower, kind, i === b)),
    shift: constant(upper) - constant(lower),
  };
}

/** E (r·u + s)(q·u + t) under the weight of a collision. Given τ features are independent: E (r·u)(q·u) = (r·M)(q·M) + Σ r_i q_i V_i. */
function averageProduct(
  { means, products, variances }: Collision,
  classes: readonly Alike[],
  x: Difference,
  y: Difference,
): number {
  const byRole = (r: readonly number[]): number[] => {
    const sums = [0, 0, 0];
    classes.forEach(({ role, copies }, i) => (sums[role]! += copies * r[i]!));
    return sums;
  };
  const [R, Q] = [byRole(x.r), byRole(y.r)];
  let value = x.shift * y.shift;
  means.forEach((mean, i) => {
    value += (R[i]! * y.shift + Q[i]! * x.shift) * mean;
    products[i]!.forEach((product, j) => (value += R[i]! * Q[j]! * product));
  });
  classes.forEach(({ role, copies }, i) => (value += copies * x.r[i]! * y.r[i]! * variances[role]!));
  return value;
}
