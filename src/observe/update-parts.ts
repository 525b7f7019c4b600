import { UsageError } from '../errors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';

/** Parts of updates along one direction v: that of the gradient ⟨Δ_grad, v⟩ and that of weight decay ⟨Δ_wd, v⟩, in units of θ. */
export interface UpdateParts {
  readonly gradient: number;
  readonly decay: number;
}

/** How gradient and weight decay share the movement along one direction, over a window of updates. */
export interface PartShares {
  /** ⟨(Δ_grad·v)²⟩/(⟨(Δ_grad·v)²⟩ + ⟨(Δ_wd·v)²⟩): 1 without decay, and 0 without gradient. NaN where nothing moves along v. */
  readonly gradientShare: number;
  /** Sign of ⟨(Δ_grad·v)(Δ_wd·v)⟩: 1 where both push the same way, −1 where one holds the other back, 0 where one of them is none. */
  readonly alignment: number;
}

/**
 * Δ_wd = −ηλN (θ_before + θ_after)/2 of an update over N steps with decoupled weight decay λ at learning rate η, `decay` = ηλN; Δ_grad is the rest of the update
 * (arXiv:2604.07380). To second order in ηλN that of steps of equal length, for which θ is on average in the middle. Throws UsageError for different lengths. Cost: O(n).
 */
export function decayPart(before: FloatArray, after: FloatArray, decay: number): Float64Array {
  if (before.length !== after.length) {
    throw new UsageError(`parameters before and after have one length, received ${before.length} and ${after.length}`);
  }
  return Float64Array.from(before, (x, i) => (-decay * (x + after[i]!)) / 2);
}

/** Of the parts of each update of a window along one direction. Throws UsageError without updates. */
export function partShares(window: readonly UpdateParts[]): PartShares {
  if (window.length === 0) throw new UsageError('shares need at least one update, received none');
  const sum = (of: (parts: UpdateParts) => number): number => window.reduce((total, parts) => total + of(parts), 0);
  const ofGradient = sum(({ gradient }) => gradient ** 2);
  const ofDecay = sum(({ decay }) => decay ** 2);
  return {
    gradientShare: ofGradient / (ofGradient + ofDecay),
    alignment: Math.sign(sum(({ gradient, decay }) => gradient * decay)),
  };
}
