import { mixtureDataset } from '../../data/mixture.js';
import { samplesOf } from '../../loss/network/samples.js';
import { randomStream } from '../../numeric/random.js';
import { dot } from '../../numeric/kernels/orthonormalise.js';
import { denseEigen } from '../../numeric/kernels/dense-eigen.js';
import { gradientHessianOverlap } from '../../observe/index.js';
import { gradientPartsOf, type GradientParts } from './gradient-sectors.js';
import { heldOutLattice } from './held-out-lattice.js';
import { rowsOf } from './replica.js';
import type { SgdNoiseSettings } from './sgd-noise-settings.js';
import type { SoftmaxNetwork, TrainedPoint } from './softmax-network.js';

/** A trained network, measured on data that stand for the whole population. */
export interface SgdNoiseRun {
  /** Squared parts of the gradient at each of the steps. */
  readonly parts: readonly GradientParts[];
  /** At the last step: ‖g‖², ‖P_k g‖² on the top k eigenvectors of H, overlap(g, Hg). */
  readonly gradient: number;
  readonly top: number;
  readonly overlap: number;
}

/** Lattice points for each class. */
const points = 509;

/**
 * Runs of the network's SGD on fresh samples from `initial`, keyed by (seed, path, run).
 *
 * The gradient of the population is that of a lattice, less what the same lattice has at the point αB nearest to W, where the population's gradient has no part but along B, by
 * symmetry; and less its part along B at the start, if that `isStationary`. What is left of the lattice's error is that of its Hessian times the distance: a per cent of the noise,
 * of any sign. Cost: the steps, and for each of them that is recorded two gradients on some thousand samples.
 */
export async function sgdNoiseRuns(
  network: SoftmaxNetwork,
  model: { readonly classes: number; readonly dim: number; readonly noise: number },
  start: { readonly initial: Float64Array; readonly isStationary: boolean },
  settings: SgdNoiseSettings,
  options: { readonly key: readonly (string | number)[]; readonly signal?: AbortSignal; readonly onRun?: () => void },
): Promise<SgdNoiseRun[]> {
  const { batch, learningRate, steps, runs, seed } = settings;
  const { key, signal, onRun } = options;
  const lattice = heldOutLattice(model, points);
  const all: SgdNoiseRun[] = [];
  for (let run = 0; run < runs; run++) {
    const stream = randomStream(seed, 'sgd noise', ...key, run);
    const data = samplesOf(mixtureDataset(model, batch * steps.at(-1)!, stream.integer(2 ** 30)));
    const reached = await network.train(start.initial, {
      batch: (step) => rowsOf(data, step * batch, batch),
      rate: () => learningRate,
      stops: steps,
      ...(signal && { signal }),
    });
    const heldOut = lattice(stream);
    const unit = unitB(model);
    const errorAtStart = start.isStationary ? along(await network.gradient(start.initial, heldOut), unit) : 0;
    const corrected = async (weights: Float64Array, gradient: Float64Array): Promise<Float64Array> => {
      const margin = along(weights, unit);
      const onLine = await network.gradient(
        unit.map((x) => margin * x),
        heldOut,
      );
      const kept = along(onLine, unit) - errorAtStart;
      return gradient.map((g, i) => g - onLine[i]! + kept * unit[i]!);
    };
    const parts: GradientParts[] = [];
    for (const weights of reached) {
      parts.push(gradientPartsOf(await corrected(weights, await network.gradient(weights, heldOut)), model));
    }
    const last = reached.at(-1)!;
    const { gradient, hessian } = await network.measure(last, heldOut);
    all.push({ parts, ...shares(await corrected(last, gradient), hessian, model.classes) });
    onRun?.();
  }
  return all;
}

function shares(g: Float64Array, hessian: TrainedPoint['hessian'], k: number): Omit<SgdNoiseRun, 'parts'> {
  const { vectors } = denseEigen(hessian);
  let top = 0;
  for (let i = 0; i < k; i++) top += along(g, vectors.subarray(i * g.length, (i + 1) * g.length)) ** 2;
  return { gradient: along(g, g), top, overlap: gradientHessianOverlap({ gradient: g, hessian }) };
}

/** B/‖B‖, the means being the first k features. */
function unitB({ classes: k, dim }: { readonly classes: number; readonly dim: number }): Float64Array {
  return Float64Array.from({ length: k * dim }, (_, i) =>
    i % dim < k ? ((i % dim === Math.floor(i / dim) ? 1 : 0) - 1 / k) / Math.sqrt(k - 1) : 0,
  );
}

function along(x: Float64Array, y: Float64Array): number {
  return dot(x, 0, y, 0, x.length);
}
