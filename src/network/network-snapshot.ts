import { NumericalError } from '../errors.js';
import type { FloatArray } from '../numeric/float-array.js';
import { blockLanczosAsync, type BlockLanczosOptions, type BlockLanczosResult } from '../numeric/block-lanczos.js';
import { measuredSpectrum } from '../observe/measured-spectrum.js';
import type { Snapshot } from '../observe/snapshot.js';
import { knownProduct } from './known-products.js';
import type { Objective } from './objective.js';

export interface NetworkMeasurement {
  readonly snapshot: Snapshot;
  readonly accuracy: number;
  readonly pairs: BlockLanczosResult;
}

export interface NetworkSnapshotOptions extends Omit<BlockLanczosOptions, 'count' | 'until'> {
  /** Stop when f_top(m) is known to ± accuracy; by the residuals if left out. */
  readonly until?: { readonly m: number; readonly accuracy: number };
  /** How many of the largest eigenvalues; f_top(m) needs m + 1. */
  readonly top: number;
  readonly time: number;
  readonly statistics?: Readonly<Record<string, FloatArray>>;
  /** Parameters of the network before inputs that are always zero were left out; null values refer to them. */
  readonly parameters?: number;
}

/**
 * Loss, gradient and top eigenpairs of the full training loss of a network at θ, as the observables want them. The Hessian of the
 * snapshot knows its product with the gradient. Cost: one gradient, and the products of block Lanczos plus one.
 */
export async function networkSnapshot(
  objective: Objective,
  weights: FloatArray,
  { top, time, statistics = {}, parameters = objective.layout.size, until, ...lanczos }: NetworkSnapshotOptions,
): Promise<NetworkMeasurement> {
  const { loss, accuracy, gradient } = await objective.evaluate(weights, statistics);
  if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) {
    throw new NumericalError(
      `the network diverged: its training loss is ${loss} at time ${time}; lower the learning rate, or begin from smaller weights`,
    );
  }
  if (gradient.every((x) => x === 0)) {
    throw new NumericalError(
      `the gradient of the training loss is exactly zero at time ${time}, so that its alignment is undefined: stop earlier, use f64, or begin elsewhere`,
    );
  }
  const hessian = objective.curvature('hessian', weights, { statistics });
  const pairs = await blockLanczosAsync(hessian, {
    count: Math.min(top, hessian.dimension),
    ...lanczos,
    ...(until === undefined ? {} : { until: { topFraction: { gradient, ...until } } }),
  });
  const along = await hessian.apply(gradient, 1);
  const snapshot: Snapshot = {
    time,
    loss,
    parameters,
    gradient,
    hessian: knownProduct(gradient, along),
    spectrum: measuredSpectrum(pairs),
    origin: 'trained',
  };
  return { snapshot, accuracy, pairs };
}
