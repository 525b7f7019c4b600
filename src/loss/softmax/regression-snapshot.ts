import type { LabelledData } from '../../data/features.js';
import { blockLanczos, type BlockLanczosResult } from '../../numeric/lanczos/block-lanczos.js';
import { measuredSpectrum } from '../../observe/measured-spectrum.js';
import type { Snapshot } from '../../observe/snapshot.js';
import { regressionPoint } from './softmax-regression.js';

/** What was measured at one W: snapshot, accuracy, and the eigenpairs with their evidence. */
export interface RegressionMeasurement {
  readonly snapshot: Snapshot;
  readonly accuracy: number;
  readonly pairs: BlockLanczosResult;
}

/** Which eigenpairs of the Hessian, and how accurately. */
export interface SnapshotOptions {
  /** How many of the largest eigenvalues; f_top(m) needs m + 1. */
  readonly top: number;
  readonly tolerance: number;
  readonly seed: number;
  /** Eigenvectors of a nearby Hessian to start from. */
  readonly start?: Float64Array;
}

/** Loss, gradient and top eigenpairs of the full training loss at W, as the observables want them. */
export function regressionSnapshot(
  data: LabelledData,
  weights: Float64Array,
  time: number,
  { top, ...options }: SnapshotOptions,
): RegressionMeasurement {
  const { loss, accuracy, gradient, hessian } = regressionPoint(data, weights);
  const pairs = blockLanczos(hessian, { count: Math.min(top, hessian.dimension), ...options });
  const snapshot: Snapshot = {
    time,
    loss,
    parameters: hessian.dimension,
    gradient,
    hessian,
    spectrum: measuredSpectrum(pairs),
    origin: 'trained',
  };
  return { snapshot, accuracy, pairs };
}
