import type { TrainDocument } from '../../../../train/train-document.js';
import type { EdgeLifecycle, EdgeState } from '../../probes/edge-lifecycle.js';

/** A test accuracy from which on it is grokked, as in arXiv:2604.07380. */
const learnt = 0.95;

/** A run with what was followed along it. */
export interface Followed {
  readonly run: TrainDocument;
  readonly lifecycle: EdgeLifecycle;
}

/** The first step measured with a test accuracy of 0.95 or more; undefined where there is none. */
export function grokkingStep({ records }: Pick<TrainDocument, 'records'>): number | undefined {
  return records.find(({ testAccuracy }) => testAccuracy! >= learnt)?.step;
}

/** The first step measured with a training accuracy above 0.99. */
export function memorisingStep({ records }: Pick<TrainDocument, 'records'>): number | undefined {
  return records.find(({ accuracy }) => accuracy! > 0.99)?.step;
}

/** The first window at whose end g₂₃ is half of what it has been or less. */
export function halvingStep({ states }: Pick<EdgeLifecycle, 'states'>): number | undefined {
  let largest = 0;
  for (const { step, secondGap } of states) {
    largest = Math.max(largest, secondGap);
    if (secondGap <= largest / 2) return step;
  }
  return undefined;
}

/** Windows that end before a step, and those that begin at it or after it; `window`: steps that one lasts. */
export function around(
  { states }: Pick<EdgeLifecycle, 'states'>,
  step: number,
  window: number,
): { readonly before: readonly EdgeState[]; readonly after: readonly EdgeState[] } {
  return {
    before: states.filter((state) => state.step < step),
    after: states.filter((state) => state.step >= step + window),
  };
}

/** ‖h(θ + εv₁) − h(θ)‖² over that of a random direction: how functional the first direction is. */
export const relativeDisplacement = ({ displacements, randomDisplacement }: EdgeState): number =>
  displacements[0]! / randomDisplacement;
