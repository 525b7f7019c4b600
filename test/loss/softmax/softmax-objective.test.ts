import { describe, expect, it } from 'vitest';
import { toLabelledData } from '../../../src/data/labelled-data.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { UsageError } from '../../../src/errors.js';
import { architecture } from '../../../src/loss/network/architectures.js';
import { crossEntropy } from '../../../src/loss/network/losses.js';
import { buildNetwork } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { batchOf, samplesOf } from '../../../src/loss/network/samples.js';
import { trainer } from '../../../src/loss/network/trainer.js';
import { papyanSplit } from '../../../src/loss/papyan-split.js';
import { softmaxObjective, softmaxTrainer } from '../../../src/loss/softmax/softmax-objective.js';
import { randomStream } from '../../../src/numeric/random.js';
import { relativeDistance, runtime } from '../network/problems.js';

const [n, d, k] = [30, 5, 4];
const stream = randomStream(1, 'softmax-objective');
const normals = (count: number, scale = 1): Float64Array => new Float64Array(count).map(() => scale * stream.normal());

/** Inputs around a constant that most of them are. */
const inputs = normals(n * d).map((x) => (stream.uniform() < 0.6 ? -0.4 : x));
const labels = Uint16Array.from({ length: n }, () => stream.integer(k));
const dataset: Dataset = {
  name: 'random',
  samples: n,
  inputShape: [d],
  inputs,
  targets: { kind: 'classes', classes: k, labels },
  record: { origin: { kind: 'sine', source: '', noise: 0, samples: n, seed: 1 }, transformations: [] },
};

describe.each([true, false])('softmaxObjective, biases: %s', (bias) => {
  const spec = {
    inputShape: [d],
    outputs: k,
    layers: architecture('softmax', [d], { outputs: k, bias, activation: 'identity' }),
    loss: crossEntropy,
  };
  const samples = samplesOf(dataset);
  const network = objective(buildNetwork(spec, 'evaluate'), samples, { runtime, precision: 'f64' });
  const plain = softmaxObjective(toLabelledData(dataset), { bias });
  const { size } = network.layout;
  const weights = normals(size, 0.7);

  it('has the parameters of the network', () => {
    expect(plain.layout).toEqual(network.layout);
  });

  it('has its loss, accuracy, gradient and products, the Gauss–Newton ones too', async () => {
    const [ours, theirs] = [await plain.evaluate(weights), await network.evaluate(weights)];
    expect(Math.abs(ours.loss / theirs.loss - 1)).toBeLessThan(1e-14);
    expect(ours.accuracy).toBe(theirs.accuracy);
    expect(relativeDistance(ours.gradient, theirs.gradient)).toBeLessThan(1e-13);
    const V = normals(3 * size);
    const expected = await network.curvature('hessian', weights).apply(V, 3);
    for (const kind of ['hessian', 'gauss-newton'] as const) {
      const operator = plain.curvature(kind, weights, { layers: ['dense1'] });
      expect(operator.dimension).toBe(size);
      expect(relativeDistance(await operator.apply(V, 3), expected)).toBeLessThan(1e-13);
    }
    expect(plain.precise()).toBe(plain);
  });

  it('knows each θ for itself, also where the array is the same', async () => {
    const moving = weights.slice();
    const before = await plain.evaluate(moving);
    moving[0]! += 1;
    const after = await plain.evaluate(moving);
    expect(after.loss).not.toBe(before.loss);
    expect(after).toEqual(await softmaxObjective(toLabelledData(dataset), { bias }).evaluate(moving));
  });

  it('has the class gradients, and so Papyan’s split', async () => {
    const [ours, theirs] = [await plain.classGradients(weights), await network.classGradients(weights)];
    expect(relativeDistance(ours.weights, theirs.weights)).toBeLessThan(1e-13);
    ours.sums.forEach((sum, pair) => {
      expect(relativeDistance(sum, theirs.sums[pair]!)).toBeLessThan(1e-12);
    });
    expect(relativeDistance(papyanSplit(ours).between, papyanSplit(theirs).between)).toBeLessThan(1e-12);
  });

  it('has the slopes of samples', async () => {
    const V = normals(3 * size);
    const [ours, theirs] = [await plain.sampleSlopes(weights, V, 3), await network.sampleSlopes(weights, V, 3)];
    expect(ours.length).toBe(3 * dataset.samples);
    expect(relativeDistance(ours, theirs)).toBeLessThan(1e-13);
    expect(() => plain.sampleSlopes(weights, V, 2)).toThrow(UsageError);
  });

  it('has the gradients of batches', async () => {
    const rows = Uint32Array.of(4, 0, 21);
    const steps = await trainer(buildNetwork(spec, 'train'), { runtime, precision: 'f64', seed: 1 });
    const theirs = await steps.gradient(weights, {}, batchOf(samples, rows), 0);
    const ours = await softmaxTrainer(toLabelledData(dataset), { bias }).gradient(weights, {}, rows, 0);
    expect(Math.abs(ours.loss / theirs.loss - 1)).toBeLessThan(1e-14);
    expect(relativeDistance(ours.gradient, theirs.gradient)).toBeLessThan(1e-13);
    await steps.release();
  });

  it('refuses other layers and lengths', () => {
    expect(() => plain.curvature('hessian', weights, { layers: ['dense2'] })).toThrow(/no parameter belongs to dense2/);
    expect(() => plain.curvature('hessian', weights.slice(1))).toThrow(UsageError);
    expect(() => plain.curvature('hessian', weights).apply(weights, 2)).toThrow(/vectors must hold/);
  });
});
