import type { SgdNoise } from '../../exact/noisy/sgd-noise-state.js';
import type { TopFraction } from '../../observe/index.js';
import type { SgdRule } from '../../sgd-noise/rule.js';

export interface SolvedLevel {
  readonly sector: string;
  readonly value: number;
  readonly multiplicity: number;
  /** Estimate (finite noise) or bound (none) of the relative error of `value`. */
  readonly relativeError: number;
  /** With the noise of SGD: the variance of one sample's gradient along the level's eigenvectors (their mean in the gradient's level without noise), an estimate of its relative error, and E‖P g‖² of the level. */
  readonly covariance?: number;
  readonly covarianceError?: number;
  readonly gradientEnergy?: number;
}

/** What the noise of SGD makes of the gradient; see SgdNoise. */
export type SolvedNoise = Pick<
  SgdNoise,
  'gradientEnergy' | 'topFraction' | 'overlap' | 'overlapSpread' | 'secondOrder'
>;

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
  /** With the noise of SGD. */
  readonly noise?: SolvedNoise;
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
    /** η and b of SGD, or η/b alone. */
    readonly sgd?: SgdRule;
  };
  readonly states: readonly SolvedState[];
}
