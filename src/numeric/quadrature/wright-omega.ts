/**
 * The Wright omega function on the real line: ω(y) = W₀(e^y), the solution of ω + ln ω = y.
 *
 * It is the Lambert W function without the overflow: e^y is never formed, so that y may be as large as a double can be.
 * Relative error ≤ 4 eps · max(1, |ln ω|). Source: Corless & Jeffrey (2002); iteration of Fritsch, Shafer & Crowley (1973),
 * which is of fourth order: two rounds from the starting values below. Cost: O(1).
 */
export function wrightOmega(y: number): number {
  if (y > 1e20) return y;
  let omega = startingValue(y);
  if (omega === 0) return 0;
  for (let round = 0; round < 3; round++) {
    const r = y - omega - Math.log(omega);
    const q = 2 * (1 + omega) * (1 + omega + (2 / 3) * r);
    omega *= 1 + (r / (1 + omega)) * ((q - r) / (q - 2 * r));
  }
  return omega;
}

function startingValue(y: number): number {
  if (y < -2) {
    const x = Math.exp(y);
    return x * (1 - x * (1 - 1.5 * x));
  }
  if (y > 3) return y - Math.log(y) * (1 - 1 / y);
  const d = y - 1; // Taylor expansion about ω(1) = 1
  return 1 + d * (1 / 2 + d * (1 / 16 - d / 192));
}
