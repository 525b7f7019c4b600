import type { TopFraction } from '../observe/index.js';

export interface SolvedLevel {
  readonly sector: string;
  readonly value: number;
  readonly multiplicity: number;
  /** Estimate (finite noise) or bound (none) of the relative error of `value`. */
  readonly relativeError: number;
}

/** One state; `time` is null where the flow from 0 does not come, or later than 1e300; `margin`, `marginRate` off the symmetric line. */
export interface SolvedState {
  readonly time: number | null;
  readonly margin: number | null;
  readonly marginRate: number | null;
  readonly loss: number;
  readonly error: number;
  readonly gradientNorm: number;
  /** Estimate of the relative error of the scalars. */
  readonly relativeError: number;
  readonly levels: readonly SolvedLevel[];
  readonly rank: number;
  readonly topFraction: TopFraction;
  readonly overlapGradientHessianGradient: number;
}

/** What `solve` prints: the contract for scripts. */
export interface SolveDocument {
  readonly model: {
    readonly classes: number;
    readonly dim: number;
    readonly noise: number;
    readonly rho: number;
    readonly bias: boolean;
    readonly initial: string;
    readonly seed: number;
  };
  readonly states: readonly SolvedState[];
}
