import { NumericalError } from '../errors.js';
import type { FloatArray } from '../numeric/kernels/float-array.js';
import {
  blockLanczosAsync,
  type BlockLanczosOptions,
  type BlockLanczosResult,
} from '../numeric/lanczos/block-lanczos.js';
import { norm } from '../numeric/kernels/norm.js';
import { measuredSpectrum } from '../observe/measured-spectrum.js';
import type { Snapshot } from '../observe/snapshot.js';
import { gradientProduct } from './gradient-product.js';
import type { Objective } from './objective.js';

/** What was measured at one θ: snapshot, accuracy, and the eigenpairs with their evidence. */
export interface NetworkMeasurement {
  readonly snapshot: Snapshot;
  readonly accuracy: number;
  readonly pairs: BlockLanczosResult;
}

/** Which eigenpairs of the Hessian, and how accurately. */
export interface NetworkSnapshotOptions extends Omit<BlockLanczosOptions, 'count' | 'until' | 'fraction'> {
  /** m of the f_top(m) that is to be bounded; none if left out. */
  readonly subspace?: number;
  /** Stop when f_top(subspace) is known to ± this; by the residuals if left out. */
  readonly accuracy?: number;
  /** How many of the largest eigenvalues; f_top(m) needs m + 1. */
  readonly top: number;
  readonly time: number;
  readonly statistics?: Readonly<Record<string, FloatArray>>;
  /** Parameters of the network before inputs that are always zero were left out; null values refer to them. */
  readonly parameters?: number;
}

/**
 * Loss, gradient and top eigenpairs of the full training loss of a network at θ, as the observables want them. The Hessian of the
 * snapshot knows its product with the gradient. In float32 the error of the gradient is measured by one in float64, and is part of the bounds
 * on f_top. Cost: one gradient, and the products of block Lanczos plus one, which a search that begins with g knows already.
 */
export async function networkSnapshot(
  objective: Objective,
  weights: FloatArray,
  {
    top,
    time,
    statistics = {},
    parameters = objective.layout.size,
    subspace: m,
    accuracy: known,
    spare = 0,
    ...lanczos
  }: NetworkSnapshotOptions,
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
  const count = Math.min(top, hessian.dimension);
  // Without a search for what was overlooked nothing is known above the eigenvalues found, however exact g is.
  const isBounded = lanczos.effort !== 0 || known !== undefined;
  const fraction =
    m === undefined || m >= count
      ? undefined
      : {
          gradient,
          m,
          gradientError: await gradientError(objective, gradient, weights, statistics, isBounded),
        };
  const pairs = await blockLanczosAsync(hessian, {
    count,
    spare: Math.max(0, spare + count - top),
    ...lanczos,
    ...(fraction === undefined
      ? {}
      : known === undefined
        ? { fraction }
        : { until: { topFraction: { ...fraction, accuracy: known } } }),
  });
  const snapshot: Snapshot = {
    time,
    loss,
    parameters,
    gradient,
    hessian: await gradientProduct(hessian, gradient, time, pairs.alongGradient),
    spectrum: measuredSpectrum(pairs),
    origin: 'trained',
  };
  return { snapshot, accuracy, pairs };
}

/**
 * ‖g − ĝ‖/‖ĝ‖ of a gradient ĝ in the precision of the network; 0 in float64. Where it is not to be measured 1, with which nothing is bounded.
 * `part`: what ĝ is of a gradient; all of it if left out. Cost: a
 * gradient in float64, where it is measured.
 */
export async function gradientError(
  objective: Objective,
  rounded: Float64Array,
  weights: FloatArray,
  statistics: Readonly<Record<string, FloatArray>>,
  isMeasured: boolean,
  part: (gradient: Float64Array) => Float64Array = (gradient) => gradient,
): Promise<number> {
  const precise = objective.precise();
  if (precise === objective) return 0;
  if (!isMeasured) return 1;
  const { gradient } = await precise.evaluate(weights, statistics);
  return norm(part(gradient).map((x, i) => x - rounded[i]!)) / norm(rounded);
}
