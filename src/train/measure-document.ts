import type { SubspaceOverlap } from '../observe/subspace-overlap.js';
import type { TopFraction } from '../observe/top-fraction.js';
import type { ResolvedMeasureConfig } from './measure-config.js';

/** One full measurement. */
export interface MeasureRecord {
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly gradientNorm: number;
  /** The largest eigenvalues of H, descending, with ‖Hv − λv‖ of each. */
  readonly eigenvalues: readonly number[];
  readonly residuals: readonly number[];
  /** f_top(k), k the number of classes. */
  readonly topFraction: TopFraction;
  readonly overlapGradientHessianGradient: number;
  /** Overlap with the record before: of the top k eigenvectors, and of the next k where enough are computed. */
  readonly subspaceOverlap: {
    readonly withStep: number;
    readonly top: SubspaceOverlap;
    readonly next: SubspaceOverlap | null;
  } | null;
  readonly hessianVectorProducts: number;
}

/** What was run, so that it can be run again. */
export interface MeasureRun {
  readonly config: ResolvedMeasureConfig;
  readonly data: {
    readonly source: string;
    readonly checksums: readonly string[];
    readonly classes: number;
    readonly features: number;
    readonly zeroFeaturesDropped: number;
  };
  readonly parameters: number;
  readonly initialisation: string;
  readonly version: string;
}

/** The end of a measurement: f_top(k), loss, accuracy, and overlap(g, Hg) over the last steps. */
export interface MeasureSummary {
  readonly finalTopFraction: TopFraction;
  readonly finalLoss: number;
  readonly finalAccuracy: number;
  /** overlap(g, Hg) over the last steps: mean, standard deviation (0 of a single value), how many, from which step. */
  readonly overlapWindow: {
    readonly mean: number;
    readonly standardDeviation: number;
    readonly count: number;
    readonly firstStep: number;
  } | null;
  /** What the paper reports (GRD18, Table 1), where this run is that case. */
  readonly paper: number | null;
  readonly hessianVectorProducts: number;
}

/** The document of `measure --json`. */
export interface MeasureDocument {
  readonly run: MeasureRun;
  readonly records: readonly MeasureRecord[];
  readonly window: readonly { readonly step: number; readonly overlap: number }[];
  readonly summary: MeasureSummary;
}
