import type { Precision } from '../numeric/kernels/float-array.js';

/** What a number of a precision may be off by, relative to it, twice over: entries computed in two orders. */
const rounding = { f32: 2 ** -22, f64: 2 ** -51 };

/**
 * L, lower triangular with L Lᵀ = C, of a symmetric positive semidefinite matrix [d, d] whose entries are right to a rounding of `precision` of its largest;
 * or what is wrong with C, in words. A pivot below d roundings counts as zero, and what is left of its column must be below their root then: |C_ij|² ≤ C_ii C_jj.
 * Cost: O(d³).
 */
export function lowerFactor(covariance: Float64Array, d: number, precision: Precision): Float64Array | string {
  const at = (i: number, j: number): number => covariance[i * d + j]!;
  const largest = covariance.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const slack = d * rounding[precision] * largest;
  const factor = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    for (let i = j; i < d; i++) {
      if (Math.abs(at(i, j) - at(j, i)) > slack)
        return `is not symmetric: [${i}, ${j}] is ${at(i, j)}, [${j}, ${i}] ${at(j, i)}`;
      let rest = at(i, j);
      for (let g = 0; g < j; g++) rest -= factor[i * d + g]! * factor[j * d + g]!;
      const pivot = factor[j * d + j]!;
      if (i === j) {
        if (rest < -slack) return `is not positive semidefinite: what is left of [${j}, ${j}] is ${rest}`;
        factor[j * d + j] = rest <= slack ? 0 : Math.sqrt(rest);
      } else if (pivot > 0) {
        factor[i * d + j] = rest / pivot;
      } else if (rest * rest > 4 * slack * (largest + slack)) {
        return `is not positive semidefinite: what is left of [${i}, ${j}] is ${rest} beside a variance of zero`;
      }
    }
  }
  return factor;
}
