import { dishonesty } from './error-bars.js';
import type { Laws } from './laws.js';
import { relativeDifference } from './numerics.js';

export type LawSnapshot = ReturnType<Laws['symmetricSnapshot']>;

/** What a snapshot must say, derived here. `apply`: one Hessian product. */
export interface Expected {
  readonly time: number;
  readonly loss: number;
  readonly parameters: number;
  readonly gradient: readonly number[];
  readonly apply: (x: ArrayLike<number>) => number[];
  readonly levels: readonly { readonly value: number; readonly multiplicity: number }[];
}

/** H X = (1/k) Σ_a S_a X x_a x_aᵀ for inputs x_a = e_a, or (e_a, 1), with `p[a]` the probabilities of class a. */
export function noiseless(
  k: number,
  p: readonly (readonly number[])[],
  bias = false,
): (x: ArrayLike<number>) => number[] {
  const width = bias ? k + 1 : k;
  return (x) => {
    const y = new Array<number>(k * width).fill(0);
    p.forEach((pa, a) => {
      const scores = pa.map((_, c) => x[c * width + a]! + (bias ? x[c * width + k]! : 0));
      const z = scores.map((score) => score - scores[a]!); // so that nothing cancels where p_a is nearly 1
      const mean = pa.reduce((sum, q, b) => sum + q * z[b]!, 0);
      pa.forEach((pc, c) => {
        const moved = (z[c]! - mean) * (pc / k);
        y[c * width + a]! += moved;
        if (bias) y[c * width + k]! += moved;
      });
    });
    return y;
  };
}

export const probe = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(1 + 3 * i) + 0.1);
export const inner = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x, (xi, i) => xi * y[i]!).reduce((sum, z) => sum + z, 0);
export const distance = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Math.hypot(...Array.from(x, (xi, i) => xi - y[i]!)) / Math.hypot(...Array.from(y));

/** Scalars, gradient, two products at once, levels with their errors; and, where vectors are few, that bases are bases of eigenspaces. */
export function snapshotErrors(snapshot: LawSnapshot, expected: Expected, vectors = true): number[] {
  const { spectrum, hessian, gradient } = snapshot;
  const n = hessian.dimension;
  if (spectrum.dimension !== n || n !== expected.gradient.length || spectrum.levels.length !== expected.levels.length)
    return [Infinity];
  const x = probe(n);
  const both = new Float64Array(2 * n);
  both.set(x);
  both.set(expected.gradient, n);
  const moved = hessian.apply(both, 2);
  const levels = spectrum.levels.flatMap(({ value, multiplicity, error }, i) => {
    const own = expected.levels[i]!;
    const off = relativeDifference(value, own.value);
    return [off, multiplicity === own.multiplicity ? 0 : Infinity, dishonesty(error / value, off, 1e-9)];
  });
  const bases = !vectors
    ? []
    : spectrum.levels.flatMap(({ multiplicity }, i) => {
        const basis = spectrum.basis(i);
        const rows = Array.from({ length: multiplicity }, (_, j) => basis.subarray(j * n, (j + 1) * n));
        const energy = rows.reduce((sum, row) => sum + inner(row, x) ** 2, 0);
        return [
          basis.length === n * multiplicity ? 0 : Infinity,
          relativeDifference(spectrum.energy(i, x), energy),
          ...rows.map((row) => Math.abs(inner(row, row) - 1)),
          ...rows.slice(1).map((row, j) => Math.abs(inner(row, rows[j]!))),
          ...rows.map((row) =>
            distance(
              expected.apply(row),
              row.map((y) => y * expected.levels[i]!.value),
            ),
          ),
        ];
      });
  const energies = spectrum.levels.map((_, i) => spectrum.energy(i, Float64Array.from(expected.gradient)));
  return [
    ...[snapshot.time - expected.time, snapshot.parameters - expected.parameters].map((d) => (d === 0 ? 0 : Infinity)),
    snapshot.origin === 'exact' ? 0 : Infinity,
    relativeDifference(snapshot.loss, expected.loss),
    distance(gradient, expected.gradient),
    distance(moved.subarray(0, n), expected.apply(x)),
    distance(moved.subarray(n), expected.apply(expected.gradient)),
    // The gradient lies in the range of H: its energies add up.
    relativeDifference(
      energies.reduce((sum, e) => sum + e, 0),
      inner(expected.gradient, expected.gradient),
    ),
    ...levels,
    ...bases,
  ];
}

/** How far all that two snapshots say is apart. */
export function differences(one: LawSnapshot, other: LawSnapshot, vectors: boolean): number[] {
  const all = (snapshot: LawSnapshot): number[] => {
    const { time, loss, parameters, gradient, hessian, spectrum, origin } = snapshot;
    const x = probe(hessian.dimension);
    return [
      ...[time, loss, parameters, hessian.dimension, spectrum.dimension, origin === 'exact' ? 1 : 0],
      ...[...gradient, ...hessian.apply(x, 1)],
      ...spectrum.levels.flatMap(({ value, multiplicity }, i) => [
        ...[value, multiplicity, spectrum.energy(i, x), spectrum.energy(i, gradient)],
        ...(vectors ? spectrum.basis(i) : []),
      ]),
    ];
  };
  const [mine, its] = [all(one), all(other)];
  const bars = one.spectrum.levels.map(({ error }, i) => relativeDifference(error, other.spectrum.levels[i]!.error));
  return mine.length === its.length
    ? [...bars, ...mine.map((x, i) => Math.abs(x - its[i]!) / Math.max(1e-6, Math.abs(x)))]
    : [Infinity];
}
