import { compile, type Precision, type Program, type Runtime } from '../../tensor/engine/index.js';
import type { FloatArray } from '../../numeric/kernels/float-array.js';
import { zeros } from '../../numeric/kernels/float-array.js';
import { randomStream } from '../../numeric/random.js';
import { gradientGraph, gradientName } from './curvature-graphs.js';
import type { Network } from './network.js';
import type { Trainer } from '../objective.js';
import { entriesOf, inPrecision, parts } from '../parameters.js';
import type { Samples } from './sample-sums.js';
import { constantInputs } from './sampled-network.js';

/** Weight of a batch in the running statistics, as in PyTorch. */
const momentum = 0.1;

/** Gradients of batches for a network in training mode. Dropout masks are keyed by the seed and the step. Cost: one gradient of the batch. */
export async function trainer(
  network: Network,
  options: {
    readonly runtime: Runtime;
    readonly precision: Precision;
    readonly threads?: number;
    readonly seed: number;
  },
): Promise<Trainer<Samples>> {
  const { runtime, precision, threads = 1, seed } = options;
  const { layout, parameters, batchStatistics, statistics: kinds, masks } = network;
  const names = layout.specs.map(({ name }) => name);
  const outputs = {
    loss: network.loss,
    ...gradientGraph(network, { names, tensors: parameters }),
    ...Object.fromEntries([...batchStatistics].map(([name, tensor]) => [`batch: ${name}`, tensor])),
  };
  const constants = constantInputs(network, precision);
  const program: Program = await compile(runtime, outputs, { precision, threads });

  const drawnMasks = (count: number, step: number): Record<string, FloatArray> =>
    Object.fromEntries(
      masks.map(({ name, shape, probability }) => {
        const stream = randomStream(seed, 'dropout', name, step);
        const kept = 1 / (1 - probability);
        const mask = zeros(precision, count * entriesOf(shape));
        for (let i = 0; i < mask.length; i++) mask[i] = stream.uniform() < probability ? 0 : kept;
        return [name, mask];
      }),
    );
  return {
    initialStatistics: Object.fromEntries(
      kinds.map(({ name, shape, initial }) => [name, zeros(precision, entriesOf(shape)).fill(initial)]),
    ),
    async gradient(weights, statistics, { count, inputs, targets }, step) {
      const share = inPrecision(Float64Array.of(1 / count), precision);
      const given = {
        ...constants,
        ...parts(layout, weights),
        x: inputs,
        y: targets,
        share,
        ...drawnMasks(count, step),
      };
      const results = await program.run(given, count);
      const gradient = zeros(precision, layout.size);
      names.forEach((name, i) => {
        const part = results[gradientName(name)];
        if (part !== undefined) gradient.set(part, layout.offsets[i]);
      });
      for (let i = 0; i < gradient.length; i++) gradient[i]! /= count;
      const follow = (name: string, before: FloatArray): FloatArray => {
        const batch = results[`batch: ${name}`]!;
        return before.map((value, i) => value + momentum * (batch[i]! - value));
      };
      return {
        loss: results.loss![0]! / count,
        gradient,
        statistics: Object.fromEntries(
          Object.entries(statistics).map(([name, before]) => [name, follow(name, before)]),
        ),
      };
    },
    release: () => program.release(),
  };
}
