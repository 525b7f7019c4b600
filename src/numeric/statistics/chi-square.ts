import type { RandomStream } from '../random.js';

/** A chi-square variable with n ≥ 0 degrees of freedom: 2 Γ(n/2), by rejection (Marsaglia & Tsang 2000). Cost: O(1) for any n. */
export function chiSquare(stream: RandomStream, degrees: number): number {
  if (degrees === 0) return 0;
  if (degrees === 1) return stream.normal() ** 2;
  const d = degrees / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = stream.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(stream.uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
}
