import { UsageError } from '../../errors.js';
import { gradientHessianOverlap, topFraction, type Snapshot } from '../../observe/index.js';

/** What is compared on the way from the model to the network, of a snapshot that is exact or measured. */
export interface Alignment {
  readonly loss: number;
  /** f_top(k), an interval where the cut goes through a multiplet. */
  readonly lower: number;
  readonly upper: number;
  readonly overlap: number;
  /** Mean of the k largest eigenvalues, and the eigenvalue after them. */
  readonly topLevel: number;
  readonly nextLevel: number;
  /** topLevel/nextLevel. */
  readonly ratio: number;
}

/** Throws UsageError if fewer than k + 1 eigenvalues are known. */
export function alignment(snapshot: Snapshot, k: number): Alignment {
  const { lower, upper } = topFraction(snapshot, k);
  const values = snapshot.spectrum.levels.flatMap(({ value, multiplicity }) =>
    new Array<number>(Math.min(multiplicity, k + 1)).fill(value),
  );
  if (values.length <= k) {
    throw new UsageError(`the levels at the cut need ${k + 1} eigenvalues, received ${values.length}; ask for more`);
  }
  const [topLevel, nextLevel] = [values.slice(0, k).reduce((sum, value) => sum + value, 0) / k, values[k]!];
  return {
    loss: snapshot.loss,
    lower,
    upper,
    overlap: gradientHessianOverlap(snapshot),
    topLevel,
    nextLevel,
    ratio: topLevel / nextLevel,
  };
}
