/** An orthogonal matrix I + left · right of low rank: `left` is size × count, `right` count × size, both row-major. */
export interface LowRankRotation {
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/**
 * The orthogonal Q = I − Y T Yᵀ of Householder's QR decomposition of M, size × count with its columns one after the other, in the
 * compact form (Schreiber & Van Loan 1989): the first `count` columns of Q span those of M. count ≤ size. Cost: O(size · count²).
 */
export function leadingRotation(columns: Float64Array, size: number, count: number): LowRankRotation {
  const m = columns.slice();
  const y = new Float64Array(size * count); // reflector j at [j * size, (j + 1) * size)
  const t = new Float64Array(count * count);
  for (let j = 0; j < count; j++) {
    const v = m.slice(j * size, (j + 1) * size).fill(0, 0, j);
    const norm = Math.hypot(...v);
    v[j]! += v[j]! < 0 ? -norm : norm;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    const tau = square > 0 ? 2 / square : 0;
    for (let l = j; l < count; l++) {
      const inner = tau * product(v, m, l, size);
      for (let i = 0; i < size; i++) m[l * size + i]! -= inner * v[i]!;
    }
    // T grows by the column −τ T Yᵀ v with τ below it.
    const overlaps = Array.from({ length: j }, (_, a) => product(v, y, a, size));
    for (let a = 0; a < j; a++) {
      for (let b = a; b < j; b++) t[a * count + j]! -= tau * t[a * count + b]! * overlaps[b]!;
    }
    t[j * count + j] = tau;
    y.set(v, j * size);
  }
  const left = Float64Array.from({ length: size * count }, (_, at) => y[(at % count) * size + Math.floor(at / count)]!);
  const right = new Float64Array(count * size);
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      for (let i = 0; i < size; i++) right[a * size + i]! -= t[a * count + b]! * y[b * size + i]!;
    }
  }
  return { left, right };
}

function product(v: Float64Array, block: Float64Array, column: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += v[i]! * block[column * size + i]!;
  return sum;
}
