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
  cut: CutEvidence,
): { readonly lower: number; readonly upper: number } {
  return { lower: shareAtLeast(jacobi, cut), upper: shareAtMost(jacobi, cut) };
}

/** The bound from below: what g has beyond thresholds above the ceiling. */
export function shareAtLeast(jacobi: JacobiMatrix, { ceiling, ...errors }: Omit<CutEvidence, 'floor'>): number {
  if (ceiling === Infinity) return 0;
  const { nodes } = gaussRuleOf(jacobi.alpha, jacobi.beta);
  const last = (nodes.at(-1)! + ceiling) / 2; // where there is no other
  const between = middles(nodes)
    .filter((t) => t > ceiling)
    .slice(0, nearby);
  const tried = [...steps(errors).map((s) => ceiling + s), ...between, ...(last > ceiling ? [last] : [])];
  return Math.max(...tried.map((t) => turned(massBounds(jacobi, t).beyond, angle(errors, t - ceiling))));
}

/** The bound from above: what g has from thresholds below the floor on. */
export function shareAtMost(jacobi: JacobiMatrix, { floor, ...errors }: Omit<CutEvidence, 'ceiling'>): number {
  const { nodes } = gaussRuleOf(jacobi.alpha, jacobi.beta);
  const top = floor - errors.rounding; // λ_m(A) ≥ floor − ε
  const between = middles(nodes)
    .filter((t) => t < top)
    .slice(-nearby);
  const tried = [...steps(errors).map((s) => top - s), ...between];
  return Math.min(...tried.map((t) => turned(massBounds(jacobi, t).from, -angle(errors, top - t))));
}

type Errors = Pick<CutEvidence, 'rounding' | 'gradientError'>;

const middles = (nodes: Float64Array): number[] => Array.from(nodes.subarray(1), (node, i) => (node + nodes[i]!) / 2);

/** Distances from the cut that are tried. */
const steps = ({ rounding }: Errors): number[] =>
  rounding > 0 ? [10, 1e2, 1e3, 1e4, 1e5].map((s) => s * rounding) : [0];

/** By how much the eigenspaces beyond a threshold and beyond the cut may differ, and g from ĝ. */
function angle({ rounding, gradientError }: Errors, distance: number): number {
  const turn = rounding > 0 ? Math.asin(Math.min(1, rounding / distance)) : 0;
  return Math.asin(Math.min(1, gradientError)) + turn;
}

/** Gaps between Ritz values that are tried on each side. */
const nearby = 4;

/** cos²(φ + angle) for cos² φ = share, φ + angle cut off at 0 and π/2; with the rounding of the sums. */
function turned(share: number, angle: number): number {
  const phi = Math.acos(Math.sqrt(Math.min(1, Math.max(0, share)))) + angle;
  const cosine = Math.cos(Math.min(Math.PI / 2, Math.max(0, phi)));
  return Math.min(1, Math.max(0, cosine ** 2 - Math.sign(angle) * 64 * Number.EPSILON));
}
