import { UsageError } from '../../errors.js';

/**
 * P(|T| ≥ |t|) for Student's t with ν degrees of freedom, ν an integer from 1 on: the finite sums of Abramowitz & Stegun 26.7.3–4 with
 * θ = atan(|t|/√ν), in which 1 − A(t|ν) is what is left of 1. Absolute error about 1e-15; beyond that the result is 0 or noise, so
 * that p-values below 1e-14 mean no more than that. Throws UsageError for other ν. Cost: O(ν).
 */
export function studentTail(t: number, degrees: number): number {
  if (!Number.isInteger(degrees) || degrees < 1) {
    throw new UsageError(`degrees of freedom must be a positive integer, received ${degrees}`);
  }
  const theta = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  let sum = 0;
  if (degrees % 2 === 0) {
    for (let j = 0, term = sine; j < degrees; j += 2, term *= ((j - 1) / j) * cosine ** 2) sum += term;
    return Math.max(0, 1 - sum);
  }
  for (let j = 1, term = sine * cosine; j < degrees; j += 2, term *= ((j - 1) / j) * cosine ** 2) sum += term;
  return Math.max(0, 1 - (2 / Math.PI) * (theta + sum));
}

/** The |t| at which `studentTail` is p, by bisection on θ. Throws UsageError unless 1e-13 ≤ p ≤ 1. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 1e-13 && p <= 1)) throw new UsageError(`a two-sided level must lie in [1e-13, 1], received ${p}`);
  let [low, high] = [0, Math.PI / 2];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (studentTail(Math.tan(middle) * Math.sqrt(degrees), degrees) > p) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(degrees);
}
