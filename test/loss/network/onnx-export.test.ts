import { describe, expect, it } from 'vitest';
import { activation } from '../../../src/loss/network/activations.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { checkImport } from '../../../src/loss/network/check-import.js';
import { initialParameters } from '../../../src/loss/network/initial-weights.js';
import { batchNorm, convolution, dense, flatten, maxPooling, sequential } from '../../../src/loss/network/layers.js';
import { lossOf } from '../../../src/loss/network/losses.js';
import { buildNetwork, type Network, type NetworkSpec } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { givenModel } from '../../../src/loss/network/onnx-model.js';
import { writeOnnx } from '../../../src/loss/network/onnx-export.js';
import type { Statistics } from '../../../src/loss/objective.js';
import { UsageError } from '../../../src/errors.js';
import { randomStream } from '../../../src/numeric/random.js';
import { nativeRuntime } from '../../../src/tensor/engine/index.js';
import { readOnnx } from '../../../src/tensor/onnx/read.js';

const samples = 3;

interface Example {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly vocabulary?: number;
}

const ofImages = (name: string, inputShape: readonly number[], outputs: number, activation = 'gelu'): Example => ({
  name,
  spec: {
    inputShape,
    outputs,
    layers: architecture(name, inputShape, { outputs, activation: activation as 'gelu', bias: true }),
    loss: lossOf('cross-entropy').of,
  },
});

const examples: readonly Example[] = [
  ofImages('mlp:6,5', [4], 3),
  ofImages('mlp:6,5', [4], 3, 'relu'),
  {
    name: 'a convolution with batch normalisation',
    spec: {
      inputShape: [2, 5, 4],
      outputs: 3,
      layers: sequential({
        conv: convolution(4, 3, { padding: 1, stride: 2 }),
        norm: batchNorm,
        activation: activation('tanh'),
        pool: maxPooling(2),
        flatten,
        dense: dense(3),
      }),
      loss: lossOf('cross-entropy').of,
    },
  },
  {
    name: 'transformer:2,8,2',
    spec: {
      inputShape: [5],
      outputs: 7,
      targetShape: [],
      layers: architecture('transformer:2,8,2', [5], {
        outputs: 7,
        activation: 'gelu',
        bias: true,
        vocabulary: 7,
        perToken: true,
      }),
      loss: lossOf('next-token').of,
    },
    vocabulary: 7,
  },
];

const running = ({ statistics }: Network): Statistics =>
  Object.fromEntries(
    statistics.map(({ name, shape }) => {
      const stream = randomStream(2, name);
      return [name, new Float64Array(shape.reduce((a, b) => a * b, 1)).map(() => 0.5 + stream.uniform())];
    }),
  );

const largestDifference = (a: Float64Array, b: Float64Array): number => {
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / scale;
};

describe('writeOnnx', () => {
  it.each(examples)(
    '$name comes back with the same parameters, gradient and Hessian product',
    async ({ spec, vocabulary }) => {
      const runtime = await nativeRuntime();
      const network = buildNetwork(spec, 'evaluate');
      const statistics = running(network);
      const weights = initialParameters(network.layout, 'normal:0.3', 1).map((value, i) => value + 0.05 * Math.sin(i));
      const bytes = writeOnnx(network, weights, statistics, 'f64');
      const model = givenModel(readOnnx(bytes, 'written.onnx'));
      const back = buildNetwork({ ...spec, layers: model.layers }, 'evaluate');
      const names = (of: Network): string[] => of.layout.specs.map(({ name }) => name);
      expect(names(back).sort()).toEqual(names(network).sort());
      const places = names(back).map((name) => names(network).indexOf(name));
      const own = new Float64Array(network.layout.size);
      back.layout.specs.forEach(({ name, shape }, i) => {
        expect(shape).toEqual(network.layout.specs[places[i]!]!.shape);
        own.set(model.weights.get(name)!, back.layout.offsets[i]);
      });

      const stream = randomStream(3, 'samples');
      const width = spec.inputShape.reduce((a, b) => a * b, 1);
      const inputs = new Float64Array(samples * width).map(() =>
        vocabulary === undefined ? stream.normal() : Math.floor(stream.uniform() * vocabulary),
      );
      const targets = new Float64Array(spec.targetShape === undefined ? samples * spec.outputs : 0);
      for (let i = 0; i < targets.length; i += spec.outputs) targets[i + ((i / spec.outputs) % spec.outputs)] = 1;
      const direction = weights.map((_, i) => Math.cos(i));
      /** What is in the order of the network, from what is in that of its import. */
      const ordered = (values: Float64Array): Float64Array => {
        const result = new Float64Array(values.length);
        back.layout.specs.forEach(({ shape }, i) => {
          const [from, size] = [back.layout.offsets[i]!, shape.reduce((a, b) => a * b, 1)];
          result.set(values.subarray(from, from + size), network.layout.offsets[places[i]!]);
        });
        return result;
      };
      const disordered = (values: Float64Array): Float64Array => {
        const result = new Float64Array(values.length);
        back.layout.specs.forEach(({ shape }, i) => {
          const from = network.layout.offsets[places[i]!]!;
          result.set(values.subarray(from, from + shape.reduce((a, b) => a * b, 1)), back.layout.offsets[i]);
        });
        return result;
      };
      const measured = async (of: Network, theta: Float64Array, vector: Float64Array, given: Statistics) => {
        const loss = objective(of, { count: samples, inputs, targets }, { runtime, precision: 'f64' });
        const point = await loss.evaluate(theta, given);
        const product = await loss.curvature('hessian', theta, { statistics: given }).apply(vector, 1);
        await loss.release();
        return { ...point, product };
      };
      const here = await measured(network, weights, direction, statistics);
      const there = await measured(back, own, disordered(direction), {});
      expect(there.loss).toBeCloseTo(here.loss, 12);
      expect(largestDifference(here.gradient, ordered(there.gradient))).toBeLessThan(1e-11);
      expect(largestDifference(here.product, ordered(there.product))).toBeLessThan(1e-11);
      expect(own).toEqual(disordered(weights));
    },
  );

  it.each(examples)('$name in single precision runs anywhere, and is what it is imported as', async ({ spec }) => {
    const network = buildNetwork(spec, 'evaluate');
    const weights = initialParameters(network.layout, 'normal:0.3', 1);
    const bytes = writeOnnx(network, weights, running(network));
    const graph = readOnnx(bytes, 'written.onnx');
    expect(graph.nodes.filter(({ domain }) => domain !== '')).toEqual([]);
    expect(graph.opset).toBe(18);
    expect([graph.inputs.map(({ name }) => name), graph.outputs.map(({ name }) => name)]).toEqual([['x'], ['scores']]);
    const { difference, largest } = await checkImport(await nativeRuntime(), bytes, givenModel(graph));
    expect(difference).toBeLessThan(1e-5 * largest);
  });

  it('refuses weights and statistics of another length', () => {
    const network = buildNetwork(examples[2]!.spec, 'evaluate');
    expect(() => writeOnnx(network, new Float64Array(3))).toThrow(UsageError);
    const { name } = network.statistics[0]!;
    const weights = new Float64Array(network.layout.size);
    expect(() => writeOnnx(network, weights, { [name]: new Float64Array(1) })).toThrow(UsageError);
  });
});
