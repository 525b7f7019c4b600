import { dot } from './orthonormalise.js';
import { unitScaled } from './unit-scale.js';

/**
 * The nearest vector to v in the half-space ⟨v, n⟩ ≥ 0: v − min(0, ⟨v, n̂⟩) n̂, n̂ = n/‖n‖; v itself where n = 0. Where v is the gradient of one loss and n that of
 * another, a small step −ηv then does not increase the other. A fresh array. Cost: O(length).
 */
export function inHalfSpace(v: Float64Array, normal: Float64Array): Float64Array {
  const n = unitScaled(normal);
  const squared = dot(n, 0, n, 0, n.length);
  const along = squared > 0 ? Math.min(0, dot(v, 0, n, 0, n.length)) / squared : 0;
  return v.map((x, i) => x - along * n[i]!);
}
