import type { DatasetRecord } from '../data/dataset.js';
import type { BlockLanczosResult } from '../numeric/lanczos/block-lanczos.js';
import type { SubspaceOverlap } from '../observe/subspace-overlap.js';
import type { TopFraction } from '../observe/top-fraction.js';
import type { TrainConfig } from './train-config.js';
import type { TrainGeometry } from './train-geometry.js';

/** One full measurement of a network. χ_m of the gradient is √topFraction. */
export interface TrainRecord extends TrainGeometry {
  readonly step: number;
  readonly loss: number;
  /** Null for a regression. */
  readonly accuracy: number | null;
  /** Σ of the learning rates of the steps so far. */
  readonly time: number;
  readonly testAccuracy: number | null;
  readonly gradientNorm: number;
  /** The largest eigenvalues of H, descending, with ‖Hv − λv‖ of each. */
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  /** ‖Hv − λv‖ come from A V = V T + R C at the tolerance of f32, or from products of their own. */
  readonly residualsFrom: 'products' | 'recurrence';
  /**
   * Each eigenvalue lies between `eigenvalues` and this, copies of multiplets counted, give or take `rounding`; null where nothing is known. As
   * f_top's bounds it holds unless random vectors failed to show an eigenvalue, which has a probability of at most 10⁻⁴.
   */
  readonly eigenvalueCeilings: readonly (number | null)[];
  /** The measured rounding of Hessian products with the wanted eigenvectors; it is part of all bounds. */
  readonly rounding: number;
  /** f_top(m), m the dimension of the subspace. */
  readonly topFraction: TopFraction;
  /** Where f_top lies, residuals and rounding allowed for, and its value for the vectors found; null where m is all of the spectrum. */
  readonly topFractionBounds: { readonly lower: number; readonly upper: number; readonly estimate?: number } | null;
  readonly overlapGradientHessianGradient: number;
  /** What ended the search. */
  readonly stop: BlockLanczosResult['stop'];
  /**
   * Overlaps with the record before: of the top m eigenvectors, the next m, and all that are computed, residuals allowed for; how much of today's
   * gradient its top m hold.
   */
  readonly subspaceOverlap: {
    readonly withStep: number;
    readonly top: SubspaceOverlap;
    readonly next: SubspaceOverlap | null;
    readonly all: SubspaceOverlap | null;
    readonly gradient: { readonly lower: number; readonly upper: number };
  } | null;
  readonly hessianVectorProducts: number;
  /** Bounds all eigenvalues behind those that were computed, unless the random vectors failed; null where the search gives no bound. */
  readonly unseenCeiling: number | null;
  /** The safetensors file of θ at this step, in the run folder; null without one. */
  readonly weights: string | null;
}

/** What was run, so that it can be run again. */
export interface TrainRun {
  readonly config: TrainConfig;
  readonly data: DatasetRecord & {
    readonly name: string;
    readonly samples: number;
    readonly features: number;
    /** Null for a regression. */
    readonly classes: number | null;
    readonly zeroFeaturesDropped: number;
  };
  /** Parameters of the network; those on inputs that are always zero count, though they are left out of θ. */
  readonly parameters: number;
  /** m of f_top(m) and of the subspaces. */
  readonly subspace: number;
  /** The file the first weights came from, by its SHA-256; null where they were drawn. */
  readonly initialWeights: string | null;
  /** Parameter → the tensor of that file it came from; null where these have our names, or there is no file. */
  readonly initialNames: Readonly<Record<string, string>> | null;
  readonly version: string;
}

/** overlap(g, Hg) and f_top at one of the last steps. */
export interface TrainWindowEntry {
  readonly step: number;
  readonly overlap: number;
}

export interface TrainSummary {
  /** f_top of the last record as it is known: by its bounds where there are such. */
  readonly finalTopFraction: TopFraction;
  readonly finalLoss: number;
  readonly finalAccuracy: number | null;
  readonly finalTestAccuracy: number | null;
  readonly overlapWindow: {
    readonly mean: number;
    readonly standardDeviation: number;
    readonly count: number;
    readonly firstStep: number;
  } | null;
  /** Mean of f_top over the records of the window. */
  readonly topFractionWindow: { readonly mean: number; readonly count: number } | null;
  /** Where only a part of the gradient is followed: the first step at which it was, null if the switch never came, and the products spent on that subspace. */
  readonly followed: { readonly since: number | null; readonly products: number } | null;
  /** Of measurements, of the window, and of the subspace that is followed. */
  readonly hessianVectorProducts: number;
}

/** The document of `train --json`. */
export interface TrainDocument {
  readonly run: TrainRun;
  readonly records: readonly TrainRecord[];
  readonly window: readonly TrainWindowEntry[];
  readonly summary: TrainSummary;
}
