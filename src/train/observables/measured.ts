import type { GradientNoise } from '../../loss/noise/gradient-noise.js';
import type { ParameterLayout } from '../../loss/parameters.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import type { BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import type { EigenPairs } from '../../numeric/lanczos/eigen-pairs.js';
import type { Snapshot } from '../../observe/snapshot.js';
import type { TrainRun } from '../train-run.js';

/** What a measurement has at hand, by the names under which observables ask for it. Gradient and Hessian are those of the full training loss. */
export interface Measured {
  readonly run: TrainRun;
  readonly step: number;
  /** Σ of the learning rates of the steps so far. */
  readonly time: number;
  /** η of the next step. */
  readonly rate: number;
  readonly loss: number;
  /** Share of the training samples, and of the test samples; null for a regression, or without a test split. */
  readonly accuracy: number | null;
  readonly testAccuracy: number | null;
  /** θ, without the parameters on inputs that are always zero; where each parameter lies in it, in the gradient, in eigenvectors and updates. */
  readonly weights: FloatArray;
  readonly layout: ParameterLayout;
  readonly gradient: Float64Array;
  /** With the Hessian, which knows its product with the gradient alone, and the spectrum that is known of it. */
  readonly snapshot: Snapshot;
  /** The top eigenpairs with their evidence: one more than are recorded, for the gap. */
  readonly pairs: BlockLanczosResult;
  /** The noise of the gradients of samples, where the configuration asks for it; else null. */
  readonly noise: GradientNoise | null;
  /** The record before, as far as subspaces are held against it, with its eigenpairs; null at the first. */
  readonly before: {
    readonly step: number;
    readonly residuals: readonly number[];
    readonly rounding: number;
    readonly pairs: Pick<EigenPairs, 'dimension' | 'values' | 'vectors' | 'errors'>;
  } | null;
  /** The last θ_{t+1} − θ_t, as many as the configuration keeps. */
  readonly updates: readonly FloatArray[];
  /** The file that holds θ, in the run folder; null without one. */
  readonly weightsFile: string | null;
}
