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

/** Points whose curvature is added at once: the sums are read and written once for all of them. */
const together = 4;

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
  const waiting = Array.from({ length: withCurvature ? together : 1 }, () => ({
    p: new Float64Array(k),
    share: 0,
    monomials: new Float64Array(terms),
  }));
  let loss = 0;
  for (let n = 0; n < weights.length; n++) {
    const one = waiting[n % waiting.length]!;
    const { p, monomials } = one;
    monomials[0] = 1;
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
    one.share = share;
    for (let i = 0, at = 1 + r; i < r; i++)
      for (let j = 0; j <= i; j++) monomials[at++] = monomials[1 + i]! * monomials[1 + j]!;
    if ((n + 1) % together !== 0 && n + 1 < weights.length) continue;
    addCurvature(waiting, curvature);
    for (const added of waiting) added.share = 0;
  }
  return { loss, residual, curvature };
}

interface WaitingPoint {
  readonly p: Float64Array;
  readonly share: number;
  readonly monomials: Float64Array;
}

/** Adds share · S_cb · monomials of four points. */
function addCurvature(points: readonly WaitingPoint[], curvature: Float64Array): void {
  const [w, x, y, z] = points as [WaitingPoint, WaitingPoint, WaitingPoint, WaitingPoint];
  const [mw, mx, my, mz] = [w.monomials, x.monomials, y.monomials, z.monomials];
  const terms = mw.length;
  for (let c = 0, at = 0; c < w.p.length; c++) {
    for (let b = 0; b <= c; b++, at += terms) {
      const own = b === c ? 1 : 0;
      const sw = w.share * w.p[c]! * (own - w.p[b]!);
      const sx = x.share * x.p[c]! * (own - x.p[b]!);
      const sy = y.share * y.p[c]! * (own - y.p[b]!);
      const sz = z.share * z.p[c]! * (own - z.p[b]!);
      for (let q = 0; q < terms; q++) curvature[at + q]! += sw * mw[q]! + sx * mx[q]! + sy * my[q]! + sz * mz[q]!;
    }
  }
}
