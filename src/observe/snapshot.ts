import type { SymmetricOperator } from '../numeric/kernels/symmetric-operator.js';
import type { Spectrum } from './spectrum.js';

/**
 * One moment of a training run, exact or measured: the meeting point of theory and experiment. Every observable is a
 * pure function of one or two snapshots.
 *
 * - `time`: flow time t (exact) or step × learning rate (trained).
 * - `parameters`: dimension of the whole parameter space, the one null values refer to. It may exceed
 *   `hessian.dimension`: an exact snapshot stores only the coordinates in which gradient and curvature live.
 * - `gradient`, `hessian`, `spectrum` share the coordinates of length `hessian.dimension`.
 */
export interface Snapshot {
  readonly time: number;
  readonly loss: number;
  readonly parameters: number;
  readonly gradient: Float64Array;
  readonly hessian: SymmetricOperator;
  readonly spectrum: Spectrum;
  readonly origin: 'exact' | 'trained';
}
