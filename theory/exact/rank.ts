/** The rank of an integer matrix, exactly: fraction-free elimination (Bareiss 1968). */
export function exactRank(matrix: readonly (readonly bigint[])[]): number {
  const rows = matrix.map((row) => [...row]);
  const width = rows[0]?.length ?? 0;
  let rank = 0;
  let previous = 1n;
  for (let column = 0; column < width && rank < rows.length; column++) {
    const pivotRow = rows.findIndex((row, i) => i >= rank && row[column] !== 0n);
    if (pivotRow < 0) continue;
    [rows[rank], rows[pivotRow]] = [rows[pivotRow]!, rows[rank]!];
    const pivot = rows[rank]!;
    for (let i = rank + 1; i < rows.length; i++) {
      const row = rows[i]!;
      const factor = row[column]!;
      for (let j = column; j < width; j++) row[j] = (row[j]! * pivot[column]! - factor * pivot[j]!) / previous;
    }
    previous = pivot[column]!;
    rank++;
  }
  return rank;
}
