import { describe, expect, it } from 'vitest';
import { add, multiply } from '../../../src/tensor/autodiff/index.js';
import { UsageError } from '../../../src/errors.js';
import type { Layer } from '../../../src/loss/network/layer.js';
import { dense, sequential } from '../../../src/loss/network/layers.js';
import { crossEntropy, lossOf } from '../../../src/loss/network/losses.js';
import { buildNetwork, type NetworkSpec } from '../../../src/loss/network/network.js';
import { objective } from '../../../src/loss/network/objective.js';
import { trainer } from '../../../src/loss/network/trainer.js';
import { parts } from '../../../src/loss/parameters.js';
import { randomVectors, relativeDistance, runtime } from './problems.js';

const layers = sequential({ first: dense(5), second: dense(3) });
const spec: NetworkSpec = { inputShape: [4], outputs: 3, layers, loss: crossEntropy };
const whole = buildNetwork(spec, 'evaluate');
const theta = randomVectors(whole.layout.size, 1, 1);
const samples = {
  count: 6,
  inputs: randomVectors(24, 1, 2),
  targets: Float64Array.from({ length: 18 }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0)),
};
const precision = 'f64';

describe('what is not trained', () => {
  it('is given as constants: loss, gradient and products are those of the whole network, without its part', async () => {
    const first = parts(whole.layout, theta);
    const frozen = new Map([['first.weight', first['first.weight']!]]);
    const network = buildNetwork({ ...spec, frozen }, 'evaluate');
    expect(network.layout.specs.map(({ name }) => name)).toEqual(['first.bias', 'second.weight', 'second.bias']);
    expect([...network.constants.keys()]).toEqual(['first.weight']);
    const rest = theta.slice(20);
    const [all, some] = [whole, network].map((one) => objective(one, samples, { runtime, precision, chunk: 4 }));
    const [ofAll, ofSome] = [await all!.evaluate(theta), await some!.evaluate(rest)];
    expect(ofSome.loss).toBe(ofAll.loss);
    expect(ofSome.accuracy).toBe(ofAll.accuracy);
    expect(relativeDistance(ofSome.gradient, ofAll.gradient.subarray(20))).toBeLessThan(1e-14);
    const v = randomVectors(rest.length, 1, 3);
    const padded = Float64Array.from({ length: theta.length }, (_, i) => (i < 20 ? 0 : v[i - 20]!));
    const [hv, block] = [
      await all!.curvature('hessian', theta).apply(padded, 1),
      await some!.curvature('hessian', rest).apply(v, 1),
    ];
    expect(relativeDistance(block, hv.subarray(20))).toBeLessThan(1e-13);
    const steps = await trainer(buildNetwork({ ...spec, frozen }, 'train'), { runtime, precision, seed: 1 });
    const trained = await steps.gradient(rest, {}, samples, 0);
    expect(relativeDistance(trained.gradient, ofSome.gradient)).toBeLessThan(1e-13);
    for (const part of [all!, some!, steps]) await part.release();
  });

  it('is declared by layers too', async () => {
    const shifted: Layer = (x, context) =>
      add(
        multiply(x, context.constant('scale', [4], Float64Array.of(1, 2, 3, 4))),
        context.parameter('shift', [4], 'offset'),
      );
    const network = buildNetwork({ ...spec, layers: sequential({ shifted, dense: dense(3) }) }, 'evaluate');
    expect(network.layout.specs.map(({ name }) => name)).toEqual(['shifted.shift', 'dense.weight', 'dense.bias']);
    const scaled = samples.inputs.map((x, i) => x * ((i % 4) + 1));
    const plain = buildNetwork({ ...spec, layers: sequential({ dense: dense(3) }) }, 'evaluate');
    const weights = Float64Array.from({ length: 19 }, (_, i) => (i < 4 ? 0 : theta[i]!));
    for (const of of ['f32', 'f64'] as const) {
      const [given, as] = [samples, of === 'f64' ? Float64Array : Float32Array];
      const rounded = (inputs: Float64Array) => ({
        count: 6,
        inputs: as.from(inputs),
        targets: as.from(given.targets),
      });
      const [mine, theirs] = [
        objective(network, rounded(samples.inputs), { runtime, precision: of }),
        objective(plain, rounded(scaled), { runtime, precision: of }),
      ];
      const [a, b] = [await mine.score(weights), await theirs.score(weights.subarray(4))];
      expect(Math.abs(a.loss / b.loss - 1)).toBeLessThan(of === 'f64' ? 1e-14 : 1e-6);
      await mine.release();
      await theirs.release();
    }
  });

  it('is refused in words where it does not fit', () => {
    const frozen = new Map([['third.weight', new Float64Array(20)]]);
    expect(() => buildNetwork({ ...spec, frozen }, 'evaluate')).toThrow(UsageError);
    expect(() => buildNetwork({ ...spec, frozen }, 'evaluate')).toThrow('no parameter is named third.weight');
    const short = new Map([['first.weight', new Float64Array(19)]]);
    expect(() => buildNetwork({ ...spec, frozen: short }, 'evaluate')).toThrow(
      "the constant 'first.weight' must hold 20 numbers, received 19",
    );
  });
});

describe('the network’s own output as the loss', () => {
  it('is its mean, without targets', async () => {
    const { of, correct } = lossOf('output');
    const network = buildNetwork(
      { ...spec, layers: dense(1), outputs: 1, targetShape: [], loss: of, correct },
      'evaluate',
    );
    const measured = objective(network, { ...samples, targets: new Float64Array(0) }, { runtime, precision, chunk: 4 });
    const w = Float64Array.of(1, 2, 3, 4, 5);
    const { loss, accuracy, gradient } = await measured.evaluate(w);
    const means = [0, 1, 2, 3].map((j) => [0, 1, 2, 3, 4, 5].reduce((s, i) => s + samples.inputs[4 * i + j]! / 6, 0));
    expect(loss).toBeCloseTo(
      means.reduce((sum, x, j) => sum + x * w[j]!, 5),
      13,
    );
    expect(relativeDistance(gradient, [...means, 1])).toBeLessThan(1e-14);
    expect(accuracy).toBe(0);
    await measured.release();
    expect(() => buildNetwork({ ...spec, targetShape: [], loss: of, correct }, 'evaluate')).toThrow(
      'one number a sample, of shape [n] or [n, 1], received [n, 3]',
    );
  });
});
