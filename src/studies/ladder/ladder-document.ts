import type { Alignment } from './alignment.js';
import type { GaussianFit } from './gaussian-fit.js';

export interface LadderSettings {
  readonly seeds: readonly number[];
  /** Of the mixtures. */
  readonly samples: number;
  /** Flow times at which the mixtures' networks are measured. */
  readonly times: readonly number[];
}

/** Mean over seeds, with its standard error; of one seed, null. */
export interface Averaged {
  readonly mean: number;
  readonly standardError: number | null;
}

export interface LadderPoint {
  /** Step × learning rate. */
  readonly time: number;
  readonly loss: Averaged;
  readonly topFraction: Averaged;
  readonly overlap: Averaged;
  /** λ_top: mean of the k largest eigenvalues. */
  readonly topLevel: Averaged;
  /** λ_top/λ_next. */
  readonly ratio: Averaged;
  /** The nearest exact prediction; null where it never has this loss. */
  readonly predicted: Alignment | null;
}

export interface LadderRung {
  readonly adds: string;
  readonly network: string;
  readonly classes: number;
  readonly parameters: number;
  readonly samples: number;
  readonly seeds: readonly number[];
  readonly prediction: string;
  /** Exact predictions are of this very network; the others of the nearest that is solved, and their levels have another unit. */
  readonly isExact: boolean;
  readonly comparedAt: 'time' | 'loss';
  readonly points: readonly LadderPoint[];
}

/** Real data through the model: softmax regression on digits, beside what mixtures fitted to them predict. */
export interface FittedDigits extends Omit<GaussianFit, 'mixture'> {
  readonly times: readonly number[];
  /** By gradient descent, which the predictions follow, and by SGD with batches of 64, which none of them does. */
  readonly measured: readonly Alignment[];
  readonly measuredSgd: readonly Alignment[];
  readonly predictions: readonly { readonly name: string; readonly points: readonly Alignment[] }[];
}

export interface LadderDocument {
  readonly settings: LadderSettings;
  readonly rungs: readonly LadderRung[];
  /** Null without digits. */
  readonly fit: FittedDigits | null;
}
