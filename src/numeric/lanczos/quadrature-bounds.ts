import { gaussRuleOf, massBounds } from './spectral-mass.js';
import type { JacobiMatrix } from './spectral-ceiling.js';

/** What is known of the cut behind the m-th eigenvalue, and how exactly. */
export interface CutEvidence {
  /** θ_m ≤ λ_m(A + E), from below. */
  readonly floor: number;
  /** λ_{m+1} ≤ ceiling, from above. */
  readonly ceiling: number;
  /** ‖E‖ where the steps of Lanczos are those of A + E. */
  readonly rounding: number;
  /** ‖g − ĝ‖/‖ĝ‖ where they began from ĝ. */
  readonly gradientError: number;
}

/**
 * Bounds on the share of g in the top-m eigenspace from Lanczos of g, without a gap: it is at least what g has beyond a threshold t above λ_{m+1},
 * and at most what it has from a threshold below λ_m on (`massBounds`). Where several eigenvalues may be the m-th, that is what g has of them.
 *
 * With ‖E‖ = ε the eigenspace of A beyond t makes at most the angle asin(ε/s) with that of A + E beyond t − s (Davis & Kahan 1970, the sin θ theorem
 * for half-lines), and an error of g turns it by its asin. Thresholds at several s, and in the middle between the next Ritz values, are tried.
 * Cost: O(k²) for each.
 */
export function quadratureBounds(
  jacobi: JacobiMatrix,
  { floor, ceiling, rounding, gradientError }: CutEvidence,
): { readonly lower: number; readonly upper: number } {
  const { nodes } = gaussRuleOf(jacobi.alpha, jacobi.beta);
  const middles = Array.from(nodes.subarray(1), (node, i) => (node + nodes[i]!) / 2);
  const steps = rounding > 0 ? [10, 1e2, 1e3, 1e4, 1e5].map((s) => s * rounding) : [0];
  const angle = (distance: number): number =>
    Math.asin(Math.min(1, gradientError)) + (rounding > 0 ? Math.asin(Math.min(1, rounding / distance)) : 0);

  const above = middles.filter((t) => t > ceiling).slice(0, nearby);
  const last = (nodes.at(-1)! + ceiling) / 2; // where there is no other
  const beyond = [...steps.map((s) => ceiling + s), ...above, ...(last > ceiling ? [last] : [])];
  const lower = beyond.map((t) => turned(massBounds(jacobi, t).beyond, angle(t - ceiling)));
  const top = floor - rounding; // λ_m(A) ≥ floor − ε
  const below = middles.filter((t) => t < top).slice(-nearby);
  const from = [...steps.map((s) => top - s), ...below];
  const upper = from.map((t) => turned(massBounds(jacobi, t).from, -angle(top - t)));
  return { lower: ceiling < Infinity ? Math.max(...lower) : 0, upper: Math.min(...upper) };
}

/** Gaps between Ritz values that are tried on each side. */
const nearby = 4;

/** cos²(φ + angle) for cos² φ = share, φ + angle cut off at 0 and π/2; with the rounding of the sums. */
function turned(share: number, angle: number): number {
  const phi = Math.acos(Math.sqrt(Math.min(1, Math.max(0, share)))) + angle;
  const cosine = Math.cos(Math.min(Math.PI / 2, Math.max(0, phi)));
  return Math.min(1, Math.max(0, cosine ** 2 - Math.sign(angle) * 64 * Number.EPSILON));
}
