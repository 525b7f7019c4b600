/**
 * erf x = (2/√π) ∫₀ˣ e^{−t²} dt, to a few roundings: its power series below 1, beyond it 1 − e^{−x²} times `scaledComplement`.
 */
export function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 1) return seriesOfErf(x);
  return Math.sign(x) * (size > 6 ? 1 : 1 - Math.exp(-x * x) * scaledComplement(size));
}

/** Coefficient k of the series erf x = x Σ_k c_k x^{2k}: (2/√π) (−1)^k/(k! (2k + 1)). */
export function erfCoefficients(count: number): number[] {
  let power = 2 / Math.sqrt(Math.PI);
  return Array.from({ length: count }, (_, k) => {
    if (k > 0) power /= -k;
    return power / (2 * k + 1);
  });
}

/** Enough terms for |x| ≤ 1: the next is 2/√π/(20! · 41). */
const terms = erfCoefficients(20);

const seriesOfErf = (x: number): number => x * terms.reduceRight((sum, c) => sum * x * x + c, 0);

/**
 * e^{x²}(1 − erf x) for x ≥ 1, by its continued fraction (1/√π)/(x + ½/(x + 1/(x + 3⁄2/(x + …)))) (Abramowitz & Stegun, 7.1.14), from the back.
 */
export function scaledComplement(x: number): number {
  let tail = x;
  for (let k = 200; k >= 1; k--) tail = x + k / 2 / tail;
  return 1 / (tail * Math.sqrt(Math.PI));
}
