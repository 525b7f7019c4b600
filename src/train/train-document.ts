import type { TrainRecord } from './observables/index.js';
import type { OverlapWindow } from './overlap-window.js';
import type { TrainRun } from './train-run.js';

export type { TrainRecord } from './observables/index.js';
export type { TrainRun } from './train-run.js';

/** overlap(g, Hg) and f_top at one of the last steps. */
export interface TrainWindowEntry {
  readonly step: number;
  readonly overlap: number;
}

/** Why a run ended: all its steps were taken, the training loss was low enough, or the flow time was up. */
export type StopReason = 'steps' | 'loss' | 'time';

export interface TrainSummary {
  /** f_top of the last record as it is known: by its bounds where there are such. */
  readonly finalTopFraction: TrainRecord['topFraction'];
  readonly finalLoss: number;
  readonly finalAccuracy: number | null;
  readonly finalTestAccuracy: number | null;
  readonly overlapWindow: OverlapWindow | null;
  /** Mean of f_top over the records of the window, with its standard error as that of overlap(g, Hg), and the last of them. */
  readonly topFractionWindow: {
    readonly mean: number;
    readonly count: number;
    readonly standardError: number | null;
    readonly last: number;
  } | null;
  /** Where only a part of the gradient is followed: the first step at which it was, null if the switch never came, and the products spent on that subspace. */
  readonly followed: { readonly since: number | null; readonly products: number } | null;
  /** Of measurements, of the window, and of the subspace that is followed. */
  readonly hessianVectorProducts: number;
  /** Why the run ended, where a stop was asked for; left out elsewhere. */
  readonly stopped?: StopReason;
}

/** The document of `train --json`. */
export interface TrainDocument<R extends TrainRecord = TrainRecord> {
  readonly run: TrainRun;
  readonly records: readonly R[];
  readonly window: readonly TrainWindowEntry[];
  readonly summary: TrainSummary;
}
