import type { Runtime } from '../../tensor/engine/index.js';
import { architecture } from '../../loss/network/architectures.js';
import { buildNetwork, type Network, type NetworkSpec } from '../../loss/network/network.js';
import { crossEntropy } from '../../loss/network/losses.js';
import { atStart, descent } from '../../train/descent.js';
import { objective } from '../../loss/network/objective.js';
import { releasePrograms, type ProgramCache } from '../../loss/network/program-cache.js';
import { trainer } from '../../loss/network/trainer.js';
import type { Samples } from '../../loss/network/sample-sums.js';
import type { SymmetricOperator } from '../../numeric/kernels/symmetric-operator.js';

/** Loss, gradient and the whole Hessian of a training loss at W, k×d row-major. */
export interface TrainedPoint {
  readonly weights: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly hessian: SymmetricOperator;
}

/** Linear softmax as a network of the pipeline, in float64. */
export interface SoftmaxNetwork {
  /** θ after the given numbers of steps of the pipeline's SGD; a batch that is the whole sample makes it gradient descent. */
  readonly train: (
    initial: Float64Array,
    run: {
      readonly batch: (step: number) => Samples;
      readonly rate: (step: number) => number;
      readonly stops: readonly number[];
      readonly signal?: AbortSignal;
    },
  ) => Promise<Float64Array[]>;
  /** The gradient of the loss on the samples. */
  readonly gradient: (weights: Float64Array, samples: Samples) => Promise<Float64Array>;
  /** Cost: one gradient, and kd Hessian products through the graph. */
  readonly measure: (weights: Float64Array, samples: Samples) => Promise<TrainedPoint>;
  readonly release: () => Promise<void>;
}

/** Graphs are compiled once, for any number of samples. Without biases, as the model. */
export async function softmaxNetwork(classes: number, dim: number, runtime: Runtime): Promise<SoftmaxNetwork> {
  const spec: NetworkSpec = {
    inputShape: [dim],
    outputs: classes,
    layers: architecture('softmax', [dim], { outputs: classes, bias: false, activation: 'identity' }),
    loss: crossEntropy,
  };
  const network: Network = buildNetwork(spec, 'evaluate');
  const steps = await trainer(buildNetwork(spec, 'train'), { runtime, precision: 'f64', seed: 0 });
  const programs: ProgramCache = new Map();
  const identity = new Float64Array((classes * dim) ** 2);
  for (let i = 0; i < classes * dim; i++) identity[i * classes * dim + i] = 1;
  const lossOn = (samples: Samples) => objective(network, samples, { runtime, precision: 'f64', block: 20, programs });
  return {
    async train(initial, { batch, rate, stops, signal }) {
      const reached: Float64Array[] = [];
      const states = descent(atStart(initial), {
        rate,
        gradient: ({ step, weights }) => steps.gradient(weights, {}, batch(step), step),
      });
      for await (const { step, weights } of states) {
        while (stops[reached.length] === step) reached.push(weights);
        if (reached.length === stops.length) break;
        signal?.throwIfAborted();
      }
      return reached;
    },
    async gradient(weights, samples) {
      return (await lossOn(samples).evaluate(weights)).gradient;
    },
    async measure(weights, samples) {
      const loss = lossOn(samples);
      const point = await loss.evaluate(weights);
      const columns = await loss.curvature('hessian', weights).apply(identity, classes * dim);
      return { weights, loss: point.loss, gradient: point.gradient, hessian: denseOperator(columns, classes * dim) };
    },
    async release() {
      await steps.release();
      await releasePrograms(programs);
    },
  };
}

/** A symmetric matrix given by its columns. */
function denseOperator(columns: Float64Array, dimension: number): SymmetricOperator {
  return {
    dimension,
    apply(block, count) {
      const result = new Float64Array(count * dimension);
      for (let j = 0; j < count; j++) {
        for (let l = 0; l < dimension; l++) {
          const x = block[j * dimension + l]!;
          if (x === 0) continue;
          for (let i = 0; i < dimension; i++) result[j * dimension + i]! += x * columns[l * dimension + i]!;
        }
      }
      return result;
    },
  };
}
