import { UsageError } from '../errors.js';
import { breath, atOnce, type Pausing } from '../numeric/kernels/pausing.js';
import { symmetricEigenProgram } from '../numeric/kernels/small-symmetric-eigen.js';
import { dot } from '../numeric/kernels/orthonormalise.js';
import { cutAfter } from './multiplet.js';
import type { Snapshot } from './snapshot.js';
import type { Spectrum } from './spectrum.js';

/** An overlap of subspaces as an interval, with the smallest of the gaps λ − λ′ at the cuts that define them. */
export interface SubspaceOverlap {
  readonly lower: number;
  readonly upper: number;
  readonly gap: number;
}

/** A subspace of which part is certain and part is any choice of `admitted` dimensions from each `choice`. */
interface UncertainSubspace {
  readonly gap: number;
  readonly unknown: boolean;
  readonly certain: Float64Array;
  readonly choices: readonly { readonly basis: Float64Array; readonly admitted: number }[];
}

/**
 * overlap(V, V′) = Tr(P P′)/m for the spans of eigenvectors skip + 1 … skip + m of the Hessians of two snapshots
 * (GRD18, Eq. (4)): 1 for equal, m/dim on average for unrelated subspaces.
 *
 * Where a cut goes through a multiplet, the overlap ranges over an interval. Over the choice of j dimensions Q of a multiplet
 * M, Tr(Q P′) runs from the sum of the j smallest to that of the j largest eigenvalues of P′ restricted to M. The interval is
 * exact if only one of the cuts is degenerate, and an enclosure otherwise. Where the multiplet at a cut reaches the null space
 * or the last computed eigenvalue, its extent is not known and upper = 1.
 *
 * Throws UsageError if the snapshots do not share their coordinates or if too few eigenvalues are known.
 * Cost: O(m² · dimension).
 */
export function subspaceOverlap(a: Snapshot, b: Snapshot, m: number, skip = 0): SubspaceOverlap {
  return atOnce(pausingSubspaceOverlap(a, b, m, skip));
}

/** `subspaceOverlap` with pauses. */
export function* pausingSubspaceOverlap(a: Snapshot, b: Snapshot, m: number, skip = 0): Pausing<SubspaceOverlap> {
  if (a.hessian.dimension !== b.hessian.dimension) {
    throw new UsageError(
      `snapshots must share their coordinates: ${a.hessian.dimension} and ${b.hessian.dimension} differ`,
    );
  }
  const dimension = a.hessian.dimension;
  const [first, second] = [subspace(a.spectrum, m, skip), subspace(b.spectrum, m, skip)];
  let lower = yield* trace(first.certain, second.certain, dimension);
  let upper = lower;
  const add = (range: readonly [number, number]): void => {
    lower += range[0];
    upper += range[1];
  };
  for (const choice of first.choices) {
    add(yield* traceRange(choice.basis, choice.admitted, second.certain, dimension));
    for (const other of second.choices) {
      const [, most] = yield* traceRange(choice.basis, choice.admitted, other.basis, dimension);
      add([0, Math.min(most, choice.admitted, other.admitted)]);
    }
  }
  for (const choice of second.choices) {
    add(yield* traceRange(choice.basis, choice.admitted, first.certain, dimension));
  }
  const clamp = (x: number): number => Math.min(1, Math.max(0, x / m));
  if (first.unknown || second.unknown) upper = m;
  return { lower: clamp(lower), upper: clamp(upper), gap: Math.min(first.gap, second.gap) };
}

function subspace(spectrum: Spectrum, m: number, skip: number): UncertainSubspace {
  const start =
    skip === 0
      ? { above: 0, straddling: 0, admitted: 0, dimensions: 0, open: false, gap: Infinity }
      : cutAfter(spectrum, skip);
  const end = cutAfter(spectrum, skip + m);
  const gap = Math.min(start.gap, end.gap);
  const certain = bases(spectrum, start.straddling, end.above);
  // A multiplet that reaches the null space (the level after the last) or the end of what is known has no basis to choose from.
  if (start.open || end.open || Math.max(start.straddling, end.straddling) > spectrum.levels.length) {
    return { certain, choices: [], unknown: true, gap };
  }
  if (start.dimensions > 0 && start.above === end.above && end.dimensions > 0) {
    return {
      certain,
      choices: [{ basis: bases(spectrum, end.above, end.straddling), admitted: m }],
      unknown: false,
      gap,
    };
  }
  const choices = [
    { basis: bases(spectrum, start.above, start.straddling), admitted: start.dimensions - start.admitted },
    { basis: bases(spectrum, end.above, end.straddling), admitted: end.admitted },
  ].filter((choice) => choice.basis.length > 0);
  return { certain, choices, unknown: false, gap };
}

function bases(spectrum: Spectrum, from: number, to: number): Float64Array {
  const parts = Array.from({ length: Math.max(0, to - from) }, (_, i) => spectrum.basis(from + i));
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Tr(P_U P_V) = Σ_ij (u_i · v_j)². */
function* trace(u: Float64Array, v: Float64Array, dimension: number): Pausing<number> {
  return (yield* innerProducts(u, v, dimension)).flat().reduce((sum, x) => sum + x ** 2, 0);
}

/** The range of Tr(Q P_V) over the `admitted`-dimensional subspaces Q of the span of `basis`. */
function* traceRange(
  basis: Float64Array,
  admitted: number,
  v: Float64Array,
  dimension: number,
): Pausing<readonly [number, number]> {
  if (v.length === 0) return [0, 0];
  const inner = yield* innerProducts(basis, v, dimension);
  const restricted = inner.flatMap((row) => inner.map((other) => row.reduce((sum, x, i) => sum + x * other[i]!, 0)));
  const { values: descending } = yield* symmetricEigenProgram(Float64Array.from(restricted), inner.length);
  const values = descending.reverse();
  const sum = (part: Float64Array): number => part.reduce((total, x) => total + Math.max(0, x), 0);
  return [sum(values.slice(0, admitted)), sum(values.slice(values.length - admitted))];
}

function* innerProducts(u: Float64Array, v: Float64Array, dimension: number): Pausing<number[][]> {
  const together = Math.max(1, Math.floor(breath / dimension));
  let done = 0;
  const rows: number[][] = [];
  for (let i = 0; i < u.length; i += dimension) {
    const row: number[] = [];
    for (let j = 0; j < v.length; j += dimension) {
      if (++done % together === 0) yield;
      row.push(dot(u, i, v, j, dimension));
    }
    rows.push(row);
  }
  return rows;
}
