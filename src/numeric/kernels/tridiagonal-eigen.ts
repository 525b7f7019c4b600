import { breath, type Pausing } from './pausing.js';

/** A symmetric tridiagonal matrix T and an orthogonal Q. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** beside[i] = T(i, i − 1), and 0 for i = 0. */
  readonly beside: Float64Array;
  /** Column j of Q at `[j * height, (j + 1) * height)`; some rows of Q are enough where no others are wanted. */
  readonly columns: Float64Array;
}

/**
 * A = QTQᵀ by Householder's reflections, from the last row up, each scaled so that nothing under- or overflows (procedure tred2; Martin,
 * Reinsch & Wilkinson, Numer. Math. 11, 181, 1968). Reads the lower triangle of the row-major matrix. Cost: (8/3) n³.
 */
export function* tridiagonal(matrix: Float64Array, n: number): Pausing<Tridiagonal> {
  const { V, d, e } = yield* reduced(matrix, n);
  yield* accumulate(V, d, n);
  for (let j = 0; j < n; j++) {
    d[j] = V[j * n + n - 1]!;
    V[j * n + n - 1] = 0;
  }
  V[n * n - 1] = 1;
  e[0] = 0;
  return { diagonal: d, beside: e, columns: V };
}

/** T alone, without Q. Cost: (4/3) n³. */
export function* tridiagonalAlone(matrix: Float64Array, n: number): Pausing<Tridiagonal> {
  const { V, d, e } = yield* reduced(matrix, n);
  for (let j = 0; j < n; j++) d[j] = V[j * n + j]!;
  e[0] = 0;
  return { diagonal: d, beside: e, columns: new Float64Array(0) };
}

/** T with the reflections that lead to it: its diagonal on that of V, below it in e. */
function* reduced(
  matrix: Float64Array,
  n: number,
): Pausing<{ readonly V: Float64Array; readonly d: Float64Array; readonly e: Float64Array }> {
  const V = Float64Array.from({ length: n * n }, (_, i) => matrix[(i % n) * n + Math.floor(i / n)]!); // by columns
  const d = Float64Array.from({ length: n }, (_, j) => V[j * n + n - 1]!);
  const e = new Float64Array(n);
  const rows = rowsOf(n * n);
  for (let i = n - 1; i > 0; i--) {
    if (i % rows === 0) yield;
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    let h = 0;
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = V[j * n + i - 1]!;
        V[j * n + i] = 0;
        V[i * n + j] = 0;
      }
    } else {
      for (let k = 0; k < i; k++) {
        d[k]! /= scale;
        h += d[k]! * d[k]!;
      }
      h = reflect(V, d, e, { n, i, scale, h });
    }
    d[i] = h;
  }
  return { V, d, e };
}

/** Takes row i, scaled in `d` and of squared length h, to a multiple of its last entry, and A − uqᵀ − quᵀ for the rows before it. */
function reflect(
  V: Float64Array,
  d: Float64Array,
  e: Float64Array,
  { n, i, scale, h: squared }: { readonly n: number; readonly i: number; readonly scale: number; readonly h: number },
): number {
  const last = d[i - 1]!;
  const length = last > 0 ? -Math.sqrt(squared) : Math.sqrt(squared);
  e[i] = scale * length;
  const h = squared - last * length;
  d[i - 1] = last - length;
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const f = d[j]!;
    V[i * n + j] = f;
    let g = e[j]! + V[j * n + j]! * f;
    for (let k = j + 1; k < i; k++) {
      g += V[j * n + k]! * d[k]!;
      e[k]! += V[j * n + k]! * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j]! /= h;
    f += e[j]! * d[j]!;
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) e[j]! -= half * d[j]!;
  for (let j = 0; j < i; j++) {
    const u = d[j]!;
    const q = e[j]!;
    for (let k = j; k < i; k++) V[j * n + k]! -= u * e[k]! + q * d[k]!;
    d[j] = V[j * n + i - 1]!;
    V[j * n + i] = 0;
  }
  return h;
}

/** The product of the reflections, whose vectors lie in the upper triangle and whose scales in d. */
function* accumulate(V: Float64Array, d: Float64Array, n: number): Pausing<void> {
  const rows = rowsOf(n * n);
  for (let i = 0; i < n - 1; i++) {
    if ((i + 1) % rows === 0) yield;
    V[i * n + n - 1] = V[i * n + i]!;
    V[i * n + i] = 1;
    const h = d[i + 1]!;
    const next = (i + 1) * n;
    if (h !== 0) reflectBack(V, d, n, i, h);
    V.fill(0, next, next + i + 1);
  }
}

function reflectBack(V: Float64Array, d: Float64Array, n: number, i: number, h: number): void {
  const next = (i + 1) * n;
  for (let k = 0; k <= i; k++) d[k] = V[next + k]! / h;
  for (let j = 0; j <= i; j++) {
    let g = 0;
    for (let k = 0; k <= i; k++) g += V[next + k]! * V[j * n + k]!;
    for (let k = 0; k <= i; k++) V[j * n + k]! -= g * d[k]!;
  }
}

/** Rows between two pauses where each takes so many multiplications. */
function rowsOf(work: number): number {
  return Math.max(1, Math.floor(breath / work));
}

/**
 * Turns T to its eigenvalues, ascending on the diagonal, and the columns of Q to the eigenvectors, by QL steps with shifts from the first
 * 2×2 block (procedure tql2; Bowdler, Martin, Reinsch & Wilkinson, Numer. Math. 11, 293, 1968). An entry beside the diagonal is taken for 0 where it is
 * below an eps of the largest |diagonal| + |beside| so far. Cost: some 3 n³.
 */
export function* diagonalise({ diagonal: d, beside, columns: V }: Tridiagonal): Pausing<void> {
  const n = d.length;
  const e = Float64Array.from({ length: n }, (_, i) => beside[i + 1] ?? 0);
  const rows = rowsOf(4 * n * heightOf(V, d));
  let [shifted, sweeps] = [0, 0];
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * largest) m++;
    while (m > l) {
      const g = d[l]!;
      const p = (d[l + 1]! - g) / (2 * e[l]!);
      const r = p < 0 ? -hypotenuse(p, 1) : hypotenuse(p, 1);
      d[l] = e[l]! / (p + r);
      d[l + 1] = e[l]! * (p + r);
      const shift = g - d[l]!;
      for (let i = l + 2; i < n; i++) d[i]! -= shift;
      shifted += shift;
      sweepUp(d, e, V, l, m);
      if (++sweeps % rows === 0) yield;
      if (!(Math.abs(e[l]!) > Number.EPSILON * largest)) break;
    }
    d[l]! += shifted;
    e[l] = 0;
  }
  order(d, V);
}

/** Entries of a column. */
function heightOf(V: Float64Array, d: Float64Array): number {
  return V.length / d.length;
}

/** Ascending, the columns with them, by selection. */
function order(d: Float64Array, V: Float64Array): void {
  const [n, height] = [d.length, heightOf(V, d)];
  for (let i = 0; i < n - 1; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (d[j]! < d[least]!) least = j;
    if (least === i) continue;
    [d[i], d[least]] = [d[least]!, d[i]!];
    const column = V.slice(i * height, (i + 1) * height);
    V.copyWithin(i * height, least * height, (least + 1) * height);
    V.set(column, least * height);
  }
}

/** One QL step on rows l to m: plane rotations from the bottom up, taken along by the columns. */
function sweepUp(d: Float64Array, e: Float64Array, V: Float64Array, l: number, m: number): void {
  const height = heightOf(V, d);
  const [first, second] = [d[l + 1]!, e[l + 1]!];
  let p = d[m]!;
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    c3 = c2;
    c2 = c;
    s2 = s;
    const g = c * e[i]!;
    const h = c * p;
    const r = hypotenuse(p, e[i]!);
    e[i + 1] = s * r;
    s = e[i]! / r;
    c = p / r;
    p = c * d[i]! - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]!);
    for (let k = i * height; k < (i + 1) * height; k++) {
      const here = V[k]!;
      const next = V[k + height]!;
      V[k + height] = s * here + c * next;
      V[k] = c * here - s * next;
    }
  }
  p = (-s * s2 * c3 * second * e[l]!) / first;
  e[l] = s * p;
  d[l] = c * p;
}

/** √(a² + b²) without overflow, at a fraction of the cost of Math.hypot. */
function hypotenuse(a: number, b: number): number {
  const [larger, smaller] = Math.abs(a) > Math.abs(b) ? [a, b] : [b, a];
  if (larger === 0) return 0;
  const ratio = smaller / larger;
  return Math.abs(larger) * Math.sqrt(1 + ratio * ratio);
}
