/**
 * A vector-valued function on [0, latest] by its values at n Chebyshev points, with Lagrange's formula in barycentric form: to about 1e-5 with 12 points for
 * what is averaged over the noise, where α varies by a few units.
 */
export function interpolated(
  latest: number,
  n: number,
  valuesAt: (x: number) => readonly number[],
): (x: number) => number[] {
  const angles = Array.from({ length: n }, (_, i) => ((2 * i + 1) * Math.PI) / (2 * n));
  const nodes = angles.map((angle) => (latest * (1 - Math.cos(angle))) / 2);
  const weights = angles.map((angle, i) => (i % 2 === 0 ? 1 : -1) * Math.sin(angle));
  const values = nodes.map(valuesAt);
  return (x) => {
    const exact = nodes.indexOf(x);
    if (exact >= 0) return [...values[exact]!];
    const shares = nodes.map((node, i) => weights[i]! / (x - node));
    const total = shares.reduce((sum, share) => sum + share, 0);
    return values[0]!.map((_, q) => shares.reduce((sum, share, i) => sum + share * values[i]![q]!, 0) / total);
  };
}
