import { nativeRuntime, type Runtime } from '../../../src/tensor/engine/index.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { initialParameters } from '../../../src/loss/network/initial-weights.js';
import type { Activation } from '../../../src/loss/network/activations.js';
import { lossOf, type LossName } from '../../../src/loss/network/losses.js';
import { buildNetwork, type Network } from '../../../src/loss/network/network.js';
import type { Samples } from '../../../src/loss/network/sample-sums.js';
import { randomStream } from '../../../src/numeric/random.js';

/** A network with random samples and weights, in float64. */
export interface RandomProblem {
  readonly network: Network;
  readonly training: Network;
  readonly samples: Samples;
  readonly weights: Float64Array;
  readonly statistics: Readonly<Record<string, Float64Array>>;
}

export const runtime: Runtime = await nativeRuntime();

export function randomProblem(
  model: string,
  inputShape: readonly number[],
  options: {
    readonly samples?: number;
    readonly outputs?: number;
    readonly activation?: Activation;
    readonly loss?: LossName;
    readonly bias?: boolean;
    readonly seed?: number;
    /** V: inputs are token ids, and so are targets where there is one for each. */
    readonly vocabulary?: number;
    readonly perToken?: boolean;
  } = {},
): RandomProblem {
  const {
    samples: count = 7,
    outputs = 3,
    activation = 'tanh',
    loss = 'cross-entropy',
    bias = true,
    seed = 1,
    vocabulary,
    perToken = false,
  } = options;
  const { of, targets: takes } = lossOf(loss);
  const tokens = vocabulary === undefined ? {} : { vocabulary, perToken };
  const spec = {
    inputShape,
    outputs,
    targetShape: takes === 'none' ? [] : perToken ? inputShape : [outputs],
    layers: architecture(model, inputShape, { outputs, activation, bias, ...tokens }),
    loss: of,
  };
  const network = buildNetwork(spec, 'evaluate');
  const stream = randomStream(seed, 'problem');
  const normal = (length: number): Float64Array => Float64Array.from({ length }, () => stream.normal());
  const ids = (length: number, bound: number) => Float64Array.from({ length }, () => stream.integer(bound));
  const isOneHot = loss === 'cross-entropy' && !perToken;
  const targets = isOneHot
    ? new Float64Array(count * outputs)
    : takes === 'none'
      ? new Float64Array(0)
      : perToken
        ? ids(count * inputShape[0]!, outputs)
        : normal(count * outputs);
  if (isOneHot) for (let i = 0; i < count; i++) targets[i * outputs + (i % outputs)] = 1;
  const features = inputShape.reduce((product, dim) => product * dim, 1);
  const weights = initialParameters(network.layout, 'glorot-normal', seed).map((x) => x + 0.1 * stream.normal());
  const statistics = network.statistics.map(({ name, shape, initial }): [string, Float64Array] => [
    name,
    normal(shape.reduce((product, dim) => product * dim, 1)).map((x) => initial + 0.2 * Math.abs(x)),
  ]);
  return {
    network,
    training: buildNetwork(spec, 'train'),
    samples: {
      count,
      inputs: vocabulary === undefined ? normal(count * features) : ids(count * features, vocabulary),
      targets,
    },
    weights,
    statistics: Object.fromEntries(statistics),
  };
}

export function randomVectors(dimension: number, columns: number, seed: number): Float64Array {
  const stream = randomStream(seed, 'vectors');
  return Float64Array.from({ length: dimension * columns }, () => stream.normal());
}

export function inner(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
}

/** ‖x − y‖/‖y‖. */
export function relativeDistance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const difference = Array.from(x, (value, i) => value - y[i]!);
  return Math.sqrt(inner(difference, difference) / inner(y, y));
}
