import type { Precision, Runtime } from '../../tensor/engine/index.js';
import { architecture } from '../../loss/network/architectures.js';
import { batchOf } from '../../loss/network/samples.js';
import { buildNetwork, type NetworkSpec } from '../../loss/network/network.js';
import { crossEntropy } from '../../loss/network/losses.js';
import { initialParameters } from '../../loss/network/initial-weights.js';
import { atStart, descent } from '../../train/descent.js';
import { networkSnapshot } from '../../loss/network-snapshot.js';
import { objective } from '../../loss/network/objective.js';
import { trainer } from '../../loss/network/trainer.js';
import type { Samples } from '../../loss/network/sample-sums.js';
import { batchSchedule } from '../../data/batch-schedule.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { alignment, type Alignment } from './alignment.js';

/** A network to train, by its name in the pipeline. */
export interface NetworkToTrain {
  /** `softmax`, `linear:8`, `mlp:8`, … */
  readonly model: string;
  readonly bias: boolean;
  readonly initialisation: string;
  /** Samples of a step; null for gradient descent. */
  readonly batch: number | null;
  readonly learningRate: number;
  /** Steps after which it is measured. */
  readonly stops: readonly number[];
  readonly precision: Precision;
}

export interface TrainedPath {
  readonly parameters: number;
  readonly points: readonly Alignment[];
}

/** Trains and measures gradient and Hessian of the whole training loss at every stop. Cost: the training, and block Lanczos at each stop. */
export async function trainedPath(
  network: NetworkToTrain,
  data: { readonly classes: number; readonly inputs: number; readonly samples: Samples },
  { runtime, seed, signal }: { readonly runtime: Runtime; readonly seed: number; readonly signal?: AbortSignal },
): Promise<TrainedPath> {
  const { model, bias, initialisation, batch, learningRate, stops, precision } = network;
  const { classes: k, inputs, samples } = data;
  const spec: NetworkSpec = {
    inputShape: [inputs],
    outputs: k,
    layers: architecture(model, [inputs], { outputs: k, bias, activation: 'relu' }),
    loss: crossEntropy,
  };
  const loss = objective(buildNetwork(spec, 'evaluate'), samples, { runtime, precision });
  const steps = await trainer(buildNetwork(spec, 'train'), { runtime, precision, seed });
  const rows = batch === null ? undefined : batchSchedule(samples.count, batch, seed);
  const points: Alignment[] = [];
  try {
    const start = initialParameters(loss.layout, initialisation, seed);
    const first: FloatArray = precision === 'f32' ? Float32Array.from(start) : start;
    const states = descent(atStart(first), {
      rate: () => learningRate,
      gradient: ({ step, weights }) =>
        steps.gradient(weights, {}, rows === undefined ? samples : batchOf(samples, rows(step)), step),
    });
    for await (const { step, weights } of states) {
      signal?.throwIfAborted();
      if (stops[points.length] === step) {
        const { snapshot } = await networkSnapshot(loss, weights, {
          top: k + 1,
          time: step * learningRate,
          tolerance: precision === 'f32' ? 1e-4 : 1e-8,
          seed,
        });
        points.push(alignment(snapshot, k));
      }
      if (points.length === stops.length) break;
    }
    return { parameters: loss.layout.size, points };
  } finally {
    await loss.release();
    await steps.release();
  }
}
