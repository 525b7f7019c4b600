import type { CompareSettings, CompareMethod } from './settings.js';

/** One observable at one time: theory beside measurement. */
export interface ComparedObservable {
  readonly name: string;
  /** How the network was trained; `data` for moments of the samples themselves (at time 0), against what they were drawn from. */
  readonly method: CompareMethod | 'data';
  /** W(0): zero, or the seed it was drawn from. */
  readonly start: 'zero' | number;
  readonly time: number;
  readonly exact: number;
  /** With noise the mean over replicas of the extrapolated values, by control variates; without, the extrapolated value. */
  readonly measured: number;
  /** Of the mean, from independent replicas; null without noise, where nothing is random. */
  readonly standardError: number | null;
  /** What it would be without control variates; null without noise. */
  readonly uncontrolledError: number | null;
  /** Replicas less 1 and less the control variates; null without noise. */
  readonly degreesOfFreedom: number | null;
  /** (measured − exact)/standardError. */
  readonly z: number | null;
  /** Two-sided, by Student's t. */
  readonly p: number | null;
  /** |measured − exact| that is allowed: what extrapolation left open, and rounding. Null with noise. */
  readonly bound: number | null;
  /** Estimate of what the extrapolation leaves, in standard errors; null without noise. */
  readonly remainder: number | null;
  /** Rows in which extrapolation leaves too much, `remainder` above 1, are shown, not tested. */
  readonly tested: boolean;
  readonly ok: boolean;
}

/** error(h) ∝ h^slope of one observable, in root mean square over times and starts; slope null where the error is rounding for every h. */
export interface OrderOfConvergence {
  readonly name: string;
  readonly method: CompareMethod;
  readonly steps: readonly number[];
  readonly errors: readonly number[];
  readonly slope: number | null;
  /** The same after Richardson's extrapolation of neighbouring steps: near 2. */
  readonly extrapolatedSlope: number | null;
  readonly ok: boolean;
}

/** The same data against a theory that is not theirs. */
export interface WrongTheory {
  /** What is off, and by which factor: `σ × 1.01`, `weights × 0.99`, `bulk level × 1.01`, `prior of class 1 × 1.03`. */
  readonly theory: string;
  /** σ that it is for. */
  readonly noise: number;
  /** The row that speaks loudest against it. */
  readonly largest: {
    readonly name: string;
    readonly method: ComparedObservable['method'];
    readonly time: number;
    readonly z: number;
  };
  readonly rejected: boolean;
}

export interface CompareCell {
  readonly classes: number;
  readonly noise: number;
  readonly dim: number;
  readonly seeds: readonly number[];
  readonly observables: readonly ComparedObservable[];
  /** Without noise. */
  readonly order: readonly OrderOfConvergence[];
  /** With noise: independent data sets, and the fewest degrees of freedom of a row. */
  readonly replicas: number | null;
  readonly degreesOfFreedom: number | null;
  readonly samples: number | null;
  readonly batch: number | null;
  /** |z| beyond which a row is rejected: Bonferroni over all tested rows of the table. */
  readonly criticalZ: number | null;
  readonly largestZ: number | null;
  readonly wrongTheories: readonly WrongTheory[];
  readonly ok: boolean;
}

export interface CompareDocument {
  readonly settings: CompareSettings;
  /** Tested rows with a z-score, over which the level is shared. */
  readonly tests: number;
  readonly cells: readonly CompareCell[];
  /** Every wrong theory in every cell with noise. Null where no cell has noise. */
  readonly rejectedWrongTheory: boolean | null;
  readonly ok: boolean;
}
