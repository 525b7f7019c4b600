import type { NormalPoints } from '../../exact/population/quadrature.js';

/** Averages over ζ ~ N(0, 1) of r dimensions, of p = softmax(z + Zζ) and S = diag(p) − ppᵀ; of S the entries c ≥ b, at c(c+1)/2 + b. */
export interface SoftmaxMoments {
  /** E(−log p_y). */
  readonly loss: number;
  /** E[p_c − δ_cy] and E[(p_c − δ_cy) ζ_j], at c·(1 + r), first the former. */
  readonly residual: Float64Array;
  /** E[S_cb], E[S_cb ζ_j] and E[S_cb ζ_i ζ_j], i ≥ j at i(i+1)/2 + j, one after the other for each entry; empty where not asked for. */
  readonly curvature: Float64Array;
}

/** The sums over a rule's points. `scores`: z, k; `slopes`: Z, k×r. Cost: O(points · k² r²) with the curvature, O(points · k r) without. */
export function softmaxMoments(
  scores: Float64Array,
  slopes: Float64Array,
  label: number,
  { points, weights }: NormalPoints,
  withCurvature: boolean,
): SoftmaxMoments {
  const k = scores.length;
  const r = slopes.length / k;
  const terms = 1 + r + (r * (r + 1)) / 2;
  const residual = new Float64Array(k * (1 + r));
  const curvature = new Float64Array(withCurvature ? ((k * (k + 1)) / 2) * terms : 0);
  const p = new Float64Array(k);
  const monomials = new Float64Array(terms);
  monomials[0] = 1;
  let loss = 0;
  for (let n = 0; n < weights.length; n++) {
    for (let j = 0; j < r; j++) monomials[1 + j] = points[n * r + j]!;
    let largest = -Infinity;
    for (let c = 0; c < k; c++) {
      let z = scores[c]!;
      for (let j = 0; j < r; j++) z += slopes[c * r + j]! * monomials[1 + j]!;
      p[c] = z;
      if (z > largest) largest = z;
    }
    const own = p[label]!;
    let total = 0;
    for (let c = 0; c < k; c++) total += p[c] = Math.exp(p[c]! - largest);
    const share = weights[n]!;
    loss += share * (Math.log(total) + largest - own);
    for (let c = 0; c < k; c++) {
      p[c]! /= total;
      const excess = share * (p[c]! - (c === label ? 1 : 0));
      for (let j = 0; j <= r; j++) residual[c * (1 + r) + j]! += excess * monomials[j]!;
    }
    if (!withCurvature) continue;
    for (let i = 0, at = 1 + r; i < r; i++)
      for (let j = 0; j <= i; j++) monomials[at++] = monomials[1 + i]! * monomials[1 + j]!;
    for (let c = 0, at = 0; c < k; c++) {
      for (let b = 0; b <= c; b++, at += terms) {
        const S = share * p[c]! * ((b === c ? 1 : 0) - p[b]!);
        for (let q = 0; q < terms; q++) curvature[at + q]! += S * monomials[q]!;
      }
    }
  }
  return { loss, residual, curvature };
}
