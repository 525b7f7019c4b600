/** Eigenvalues, descending, and unit eigenvectors of a small symmetric matrix by Jacobi's rotations. */
export function symmetricEigen(matrix: readonly (readonly number[])[]): {
  readonly values: number[];
  readonly vectors: number[][];
} {
  const n = matrix.length;
  const A = matrix.map((row) => [...row]);
  const V: number[][] = A.map((_, i) => A.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (A[p]![q] === 0) continue;
        const angle = Math.atan2(2 * A[p]![q]!, A[q]![q]! - A[p]![p]!) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const rotate = (x: number, y: number): [number, number] => [c * x - s * y, s * x + c * y];
        for (const row of A) [row[p], row[q]] = rotate(row[p]!, row[q]!);
        for (let j = 0; j < n; j++) [A[p]![j], A[q]![j]] = rotate(A[p]![j]!, A[q]![j]!);
        for (const row of V) [row[p], row[q]] = rotate(row[p]!, row[q]!);
      }
    }
  }
  const order = A.map((_, i) => i).sort((i, j) => A[j]![j]! - A[i]![i]!);
  return { values: order.map((i) => A[i]![i]!), vectors: order.map((i) => V.map((row) => row[i]!)) };
}
