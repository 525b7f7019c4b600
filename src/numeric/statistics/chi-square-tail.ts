import { UsageError } from '../../errors.js';

/**
 * P(χ²_ν ≥ x) = Q(ν/2, x/2), ν > 0 not necessarily an integer: the series of P below x = ν + 2, the continued fraction of Q above (Lentz; DLMF 8.7.1 and 8.9.2).
 * Relative error about 1e-12 of the smaller tail. Throws UsageError unless ν > 0 and x ≥ 0. Cost: O(√ν) terms.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(degrees > 0 && degrees < Infinity && x >= 0)) {
    throw new UsageError(`χ² needs positive degrees of freedom and x ≥ 0, received ${degrees} and ${x}`);
  }
  const [a, y] = [degrees / 2, x / 2];
  if (y === 0) return 1;
  const scale = Math.exp(a * Math.log(y) - y - logGamma(a + 1));
  if (y < a + 1) {
    let [sum, term] = [1, 1];
    for (let k = 1; term > 1e-17 * sum; k++) sum += term *= y / (a + k);
    return 1 - scale * sum;
  }
  // Q = scale · a/(y + 1 − a − 1(1−a)/(y + 3 − a − 2(2−a)/(…)))
  let b = y + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let fraction = d;
  for (let k = 1; ; k++) {
    b += 2;
    const an = -k * (k - a);
    d = 1 / (an * d + b);
    c = b + an / c;
    const ratio = c * d;
    fraction *= ratio;
    if (Math.abs(ratio - 1) < 1e-15 || k > 10_000) return scale * a * fraction;
  }
}

/** log Γ(x), x > 0: Stirling's series from x + 10 on. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7) + 1 / (1188 * z ** 9);
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
