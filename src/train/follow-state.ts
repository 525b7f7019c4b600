import type { TopPairs } from './checkpoint.js';

/** The subspace that is followed, and since when. */
export interface FollowState {
  /** Its eigenpairs, as they were last computed. */
  readonly pairs: TopPairs;
  /** The first step at which only a part of the gradient was followed; null before it. */
  readonly since: number | null;
  /** χ̄, the moving average of χ_k of the full gradient that the switch waits for; null where there is none yet. */
  readonly averageDominance: number | null;
  /** Hessian products spent on it. */
  readonly products: number;
}
