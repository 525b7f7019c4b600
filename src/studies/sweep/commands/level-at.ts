/** λ_m, eigenvalues counted with their multiplicities; null where there are fewer. */
export function levelAt(
  levels: readonly { readonly value: number; readonly multiplicity: number }[],
  m: number,
): number | null {
  let left = m;
  for (const { value, multiplicity } of [...levels].sort((one, other) => other.value - one.value)) {
    left -= multiplicity;
    if (left <= 0) return value;
  }
  return null;
}
